// The browser and the ways in which people set it up.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from './packages.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  const executablePath = process.env.EINMAL_CHROMIUM || '/usr/bin/chromium';
  if (!fs.existsSync(executablePath)) {
    throw new Error(`Chromium is not at ${executablePath}; run as root: apt-get install -y --no-install-recommends chromium`);
  }
  // Chromium's own sandbox refuses root; a test machine visits only our own server on loopback.
  const root = os.userInfo().uid === 0;
  return chromium.launch({ executablePath, args: root ? [...FLAGS, '--no-sandbox'] : FLAGS });
}

const desktop = { width: 1100, height: 900 };

/** The four ways in which every state of every page is examined. */
export const VARIANTS = {
  light: { viewport: desktop, colorScheme: 'light' },
  dark: { viewport: desktop, colorScheme: 'dark' },
  narrow: { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  forced: { viewport: desktop, colorScheme: 'light', forcedColors: 'active' },
};

const common = { locale: 'de-DE', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', serviceWorkers: 'block' };

/** A visitor without scripts: what the whole journey must work with. */
export function visitorOptions() {
  return { ...common, viewport: desktop, javaScriptEnabled: false };
}

export function variantOptions(name) {
  return { ...common, ...VARIANTS[name] };
}

export function screenshotFolder() {
  const folder = process.env.EINMAL_SCREENSHOTS;
  if (folder) fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export function screenshotPath(folder, name) {
  return path.join(folder, `${name}.png`);
}
