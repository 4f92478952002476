//! The directory of municipalities GV100AD of the Federal Statistical Office: records of fixed
//! width, one a line. Positions count characters, not bytes, because names are written in UTF-8.

use einmal_model::{Ars, Level};

use super::Region;

/// What one line says; nothing for kinds of records that carry no region key (Region of
/// Baden-Württemberg) and for the placeholders of municipalities without Verband.
///
/// # Errors
/// What is wrong with the line.
pub(super) fn record(line: &str) -> Result<Option<Region>, &'static str> {
    let field = |from: usize, length: usize| -> String {
        line.chars().skip(from - 1).take(length).collect()
    };
    let (land, district, kreis) = (field(11, 2), field(13, 1), field(14, 2));
    let (gemeinde, verband) = (field(16, 3), field(19, 4));
    let (level, key) = match field(1, 2).as_str() {
        "10" => (Level::Land, format!("{land:0<12}")),
        "20" => (
            Level::Regierungsbezirk,
            format!("{land}{district}000000000"),
        ),
        "30" => return Ok(None),
        "40" => (Level::Kreis, format!("{land}{district}{kreis}0000000")),
        "50" if verband.starts_with('5') => (
            Level::Verband,
            format!("{land}{district}{kreis}{verband}000"),
        ),
        "50" => return Ok(None),
        "60" => (
            Level::Gemeinde,
            format!("{land}{district}{kreis}{verband}{gemeinde}"),
        ),
        _ => return Err("unknown kind of record"),
    };
    let ars: Ars = key.parse().map_err(|_| "no region key")?;
    let name = field(23, 50).trim().to_owned();
    if name.is_empty() {
        return Err("no name");
    }
    Ok(Some(Region {
        ars,
        level,
        name,
        kind: field(123, 2).trim().to_owned(),
        population: field(140, 11).trim().parse().unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(parts: &[(usize, &str)]) -> String {
        let mut characters = vec![' '; 220];
        for (from, text) in parts {
            for (at, character) in text.chars().enumerate() {
                characters[from - 1 + at] = character;
            }
        }
        characters.into_iter().collect()
    }

    #[test]
    fn reads_characters_and_puts_the_verband_before_the_gemeinde() {
        let text = line(&[
            (1, "6020251130"),
            (11, "08226013"),
            (19, "5001"),
            (23, "Chóśebuz, Stadt"),
            (123, "63"),
            (140, "00000095123"),
        ]);
        let region = record(&text).unwrap().unwrap();
        assert_eq!(region.ars.as_str(), "082265001013");
        assert_eq!(region.name, "Chóśebuz, Stadt");
        assert_eq!(region.kind, "63");
        assert_eq!(region.population, 95_123);
    }

    #[test]
    fn skips_placeholders_and_refuses_other_text() {
        let dummy = line(&[(1, "5020251130"), (11, "01001001"), (19, "0000"), (23, "X")]);
        assert_eq!(record(&dummy), Ok(None));
        assert!(record("plz,ars").is_err());
        assert!(record("").is_err());
        assert!(record("60ääääääääääääääääääääää").is_err());
    }
}
