//! `einmal benefit`: family benefits for streams of cases, one JSON object a line.

use std::io::{BufRead as _, BufWriter, Read as _, Write as _};
use std::process::ExitCode;

use einmal_benefits::command::LONGEST_LINE;
use einmal_benefits::{Command, Mode, answer_line};

/// Compute family benefits: reads JSON lines with `id` and `input` from standard input, writes one
/// line with `id` and `result` (or `error`) for each.
#[derive(Debug, clap::Args)]
pub(crate) struct Benefit {
    /// elterngeld, kindergeld, plan, wage-tax, assessment-period, maternity, life-months or names.
    command: Command,

    /// `statute` answers by the law, `peer` reproduces the federal calculator.
    #[arg(long, default_value = "statute")]
    mode: Mode,

    /// Add how each result came about.
    #[arg(long)]
    trace: bool,
}

impl Benefit {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let mut input = std::io::stdin().lock();
        let mut output = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        let mut line = Vec::new();
        loop {
            line.clear();
            // One byte more than allowed: the answer then says that the line is too long.
            let limit = u64::try_from(LONGEST_LINE + 1)?;
            if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.last() != Some(&b'\n') && line.len() > LONGEST_LINE {
                input.skip_until(b'\n')?;
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim();
            if !text.is_empty() {
                let answer = answer_line(self.command, self.mode, self.trace, text);
                output.write_all(answer.as_bytes())?;
                output.write_all(b"\n")?;
            }
        }
        output.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}
