//! Keys and secrets in files that only their owner can read.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, ensure};
use einmal_jose::{KeyPurpose, KeySize, PrivateJwk};
use einmal_model::Random;
use zeroize::Zeroizing;

/// Reads a secret file, and refuses one that others may read.
pub(crate) fn read_secret(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mode = std::fs::metadata(file)
        .with_context(|| format!("cannot find the secret {}", file.display()))?
        .permissions()
        .mode();
    ensure!(
        mode & 0o077 == 0,
        "{} can be read by others; run: chmod 600 {}",
        file.display(),
        file.display()
    );
    let text = Zeroizing::new(
        std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the secret {}", file.display()))?,
    );
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Writes a secret file that did not exist.
pub(crate) fn write_secret(file: &Path, secret: &str) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let mut open = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot create the secret {}", file.display()))?;
    open.write_all(secret.as_bytes())?;
    open.sync_all()?;
    Ok(())
}

/// Reads a private key (JWK).
pub(crate) fn read_private_key(file: &Path) -> anyhow::Result<PrivateJwk> {
    PrivateJwk::from_json(&read_secret(file)?)
        .with_context(|| format!("{} holds no usable private key", file.display()))
}

/// Makes a private key of 4096 bits (the least that FIT-Connect takes) and writes it. Takes one to
/// several seconds.
pub(crate) fn create_private_key(
    file: &Path,
    purpose: KeyPurpose,
    kid: &str,
) -> anyhow::Result<()> {
    let key = PrivateJwk::generate(KeySize::Bits4096, purpose, kid)
        .context("cannot generate a private key")?;
    write_secret(file, &key.to_json())
}

/// 32 random bytes in base64, for symmetric keys and client secrets.
pub(crate) fn random_secret(random: &dyn Random) -> Zeroizing<String> {
    use base64::Engine as _;
    let mut bytes = Zeroizing::new([0_u8; 32]);
    random.fill(bytes.as_mut_slice());
    Zeroizing::new(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes.as_slice()))
}

/// Reads 32 bytes from a file written with [`random_secret`].
pub(crate) fn read_symmetric_key(file: &Path) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    use base64::Engine as _;
    let text = read_secret(file)?;
    let bytes = Zeroizing::new(
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text.as_bytes())
            .ok()
            .with_context(|| format!("{} holds no base64", file.display()))?,
    );
    let key: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .ok()
        .with_context(|| format!("{} does not hold 32 bytes", file.display()))?;
    Ok(Zeroizing::new(key))
}
