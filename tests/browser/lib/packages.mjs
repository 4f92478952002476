// Packages by others, from the folder that `cargo xtask test` installs.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../node/node_modules');
const modules = process.env.EINMAL_NODE_MODULES || beside;
const require = createRequire(path.join(modules, 'from-here.js'));

export const { chromium } = require('playwright-core');
export const axeSource = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');
