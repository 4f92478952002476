// Builds dist/: one style sheet (plain and packed for the wire), four font files, the licence texts and the notice that go with them.
// Nothing here runs in production and nothing of it is committed; `cargo xtask assets` calls it.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as sass from 'sass';

const require = createRequire(import.meta.url);
const subsetFont = require('subset-font');
const fontverter = require('fontverter');

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = path.join(here, 'node_modules');
const kern = path.join(packages, '@kern-ux/native');
const out = path.join(here, 'dist');

const letters = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

/** What German pages need. */
const basic = letters(0x20, 0x7e) + '\u00a0§©«»°·ÄÖÜäöüßẞàçèé–—‚‘’„“”•…€→←×−²';

/** Letters of names by DIN 91379, as far as the font has them: Latin-1, extended A and B, combining marks, extended additional. */
const extended = [...(letters(0xa1, 0x24f) + letters(0x300, 0x331) + letters(0x1e00, 0x1ef9) + 'ʹʺʾʿˈˌ')]
  .filter((letter) => !basic.includes(letter))
  .join('');

/** The budget of the first page view, in bytes as transferred; the pages themselves get what is left of 60 KB. */
const budget = { style: 15_000, font: 12_000 };

/** Code points as a CSS `unicode-range`. */
function unicodeRange(text) {
  const points = [...text].map((letter) => letter.codePointAt(0)).sort((a, b) => a - b);
  const spans = [];
  for (const point of points) {
    const last = spans.at(-1);
    if (last && point <= last[1] + 1) last[1] = point;
    else spans.push([point, point]);
  }
  const hex = (point) => point.toString(16);
  return spans.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(', ');
}

/** Removes custom properties that nothing reads, again and again until all that are left are read. */
function withoutUnusedProperties(css) {
  for (;;) {
    const read = new Set([...css.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]));
    const pruned = css.replace(/(?<=[{;])(--[\w-]+):[^;{}]*(;|(?=}))/g, (whole, name) => (read.has(name) ? whole : ''));
    if (pruned === css) return css.replace(/[^{};]+\{\}/g, '');
    css = pruned;
  }
}

function styleSheet() {
  const ranges = `$basic: ${unicodeRange(basic)};\n$extended: ${unicodeRange(extended)};\n`;
  const importer = {
    canonicalize: (url) => (url === 'ranges' ? new URL('einmal:ranges') : null),
    load: () => ({ contents: ranges, syntax: 'scss' }),
  };
  const { css } = sass.compile(path.join(here, 'styles/einmal.scss'), {
    importers: [importer],
    loadPaths: [path.join(kern, 'src/scss')],
    style: 'compressed',
    // KERN's sources use Sass features that the fixed compiler version only announces to remove.
    logger: sass.Logger.silent,
  });
  const banner = '/*! KERN-UX, EUPL-1.2, with additions of Einmal, EUPL-1.2; see NOTICE.txt */\n';
  return banner + withoutUnusedProperties(css.replace(/^\uFEFF/, '')).replace(/\/\*(?!!)[\s\S]*?\*\//g, '');
}

/** The copyright line in the font's own name table (name 0). */
async function copyrightOf(font) {
  const sfnt = await fontverter.convert(font, 'truetype');
  const tables = sfnt.readUInt16BE(4);
  for (let at = 12; at < 12 + tables * 16; at += 16) {
    if (sfnt.toString('latin1', at, at + 4) !== 'name') continue;
    const start = sfnt.readUInt32BE(at + 8);
    const strings = start + sfnt.readUInt16BE(start + 4);
    for (let i = 0; i < sfnt.readUInt16BE(start + 2); i++) {
      const record = start + 6 + i * 12;
      if (sfnt.readUInt16BE(record) !== 3 || sfnt.readUInt16BE(record + 6) !== 0) continue;
      const from = strings + sfnt.readUInt16BE(record + 10);
      const text = Buffer.from(sfnt.subarray(from, from + sfnt.readUInt16BE(record + 8)));
      return text.swap16().toString('utf16le');
    }
  }
  throw new Error('the font names no copyright');
}

function within(limit, name, bytes) {
  console.error(`${name}: ${bytes} bytes as transferred`);
  if (bytes > limit) throw new Error(`${name} has ${bytes} bytes, the budget is ${limit}`);
}

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out);

const css = Buffer.from(styleSheet());
const brotli = zlib.brotliCompressSync(css);
fs.writeFileSync(path.join(out, 'einmal.css'), css);
fs.writeFileSync(path.join(out, 'einmal.css.br'), brotli);
fs.writeFileSync(path.join(out, 'einmal.css.gz'), zlib.gzipSync(css, { level: 9 }));
within(budget.style, 'einmal.css', brotli.length);

let copyright;
for (const [weight, name] of [[400, 'Regular'], [600, 'SemiBold']]) {
  const font = fs.readFileSync(path.join(kern, `dist/fonts/fira-sans/FiraSans-${name}.woff2`));
  copyright ??= await copyrightOf(font);
  for (const [set, text] of Object.entries({ basic, extended })) {
    const file = `einmal-sans-${weight}-${set}.woff2`;
    const subset = await subsetFont(font, text, {
      targetFormat: 'woff2',
      // Hinting is for screens of the last decade and half of the size.
      noHinting: true,
      keepFeatures: ['kern', 'tnum', 'locl', 'ccmp', 'mark', 'mkmk'],
    });
    fs.writeFileSync(path.join(out, file), subset);
    if (set === 'basic') within(budget.font, file, subset.length);
  }
}

const version = JSON.parse(fs.readFileSync(path.join(kern, 'package.json'), 'utf8')).version;
const openFontLicence = fs.readFileSync(path.join(packages, '@fontsource/fira-sans/LICENSE'), 'utf8');
const licenceText = openFontLicence.slice(openFontLicence.indexOf('This Font Software is licensed'));
fs.writeFileSync(path.join(out, 'OFL-1.1.txt'), `${copyright}\n\n${licenceText}`);
fs.copyFileSync(path.join(kern, 'LICENSE.md'), path.join(out, 'EUPL-1.2-KERN.md'));
fs.writeFileSync(
  path.join(out, 'NOTICE.txt'),
  `The pages of Einmal carry parts of other works:

einmal.css contains rules of KERN-UX ${version} (npm package @kern-ux/native, by the KERN team),
  under the European Union Public Licence 1.2 (EUPL-1.2-KERN.md), reduced to the parts in use and followed
  by rules of Einmal under the same licence.
einmal-sans-*.woff2 are subsets of Fira Sans as shipped in the same package, under the SIL Open Font Licence 1.1
  (OFL-1.1.txt). ${copyright}
`,
);
