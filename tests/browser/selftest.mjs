// Do the checks see what they are for? A good page passes; then it is broken in a dozen ways, one at a time, and each
// time the right check has to speak up.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './lib/browser.mjs';
import { Examiner } from './lib/examiner.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, '../../crates/edge/web/assets/dist');
const good = fs.readFileSync(path.join(here, 'fixture.html'), 'utf8');
const policy =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** What is broken, how, and a word from the complaint. */
const MUTATIONS = [
  ['label removed', (html) => html.replace('<label class="kern-label" for="plz">Postleitzahl</label>', ''), 'label'],
  ['language removed', (html) => html.replace(' lang="de"', ''), 'language'],
  ['headings swapped', (html) => html.replace('<h2 class="kern-heading-medium">Ihre Schritte</h2>', '<h4>Ihre Schritte</h4>'), 'heading level'],
  ['focus hidden', (html) => html.replace('/einmal.css', '/no-outline.css'), 'focus does not show'],
  ['contrast lowered', (html) => html.replace('/einmal.css', '/pale.css'), 'color-contrast'],
  ['error list hidden', (html) => html.replace(/<div class="kern-alert kern-alert--danger"[\s\S]*?<\/ul><\/div><\/div>\s*<\/div>/, ''), 'no error summary'],
  ['state forgotten', (html) => html.replace(' data-state="error"', ''), 'data-state'],
  ['no word for the error in the title', (html) => html.replace('<title>Fehler: ', '<title>'), 'begins with "Fehler:"'],
  ['inline style', (html) => html.replace('<p class="e-caption">', '<p class="e-caption" style="color:red">'), 'style'],
  ['too wide', (html) => html.replace('Schritt 1 von 5', 'Schritt' + '1'.repeat(200)), 'px wide'],
  ['not reachable by keyboard', (html) => html.replace('href="/antrag/1/sie"', 'href="/antrag/1/sie" tabindex="-1"'), 'Tab does not reach'],
  ['skip link gone', (html) => html.replace(/<a class="e-skip".*<\/a>/, ''), 'skip link'],
  ['button without name', (html) => html.replace('<span class="kern-label">Weiter</span>', ''), 'button-name'],
  ['dead error link', (html) => html.replace('href="#tag"', 'href="#nirgends"'), 'leads nowhere'],
  ['browser messages', (html) => html.replace(' novalidate', ''), 'novalidate'],
  ['small target', (html) => html.replace('/einmal.css', '/tiny.css'), 'target-size'],
];

const extra = {
  '/no-outline.css': '*:focus, *:focus-visible, *:focus-within, *::after { outline: none !important; box-shadow: none !important; }',
  '/pale.css': '.e-origin { color: #bbb !important; }',
  '/tiny.css': '.e-links a, .e-links li { padding: 0 !important; font-size: 8px !important; line-height: 1 !important; } .e-links { gap: 0 !important; display: block !important; }',
};

const server = http.createServer((request, response) => {
  const sheet = fs.readFileSync(path.join(dist, 'einmal.css'));
  const file = path.join(dist, path.basename(request.url));
  if (extra[request.url] !== undefined) response.setHeader('content-type', 'text/css').end(`${sheet}\n${extra[request.url]}`);
  else if (fs.existsSync(file)) response.setHeader('content-type', file.endsWith('.css') ? 'text/css' : 'font/woff2').end(fs.readFileSync(file));
  else response.writeHead(404).end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;

const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
const browser = await launch();
const failures = [];
try {
  const examine = async (name, html, variants, status = 422) => {
    const examiner = new Examiner(browser);
    const found = await examiner.examine(name, { url: `${base}/antrag/1/geburtsdatum`, status, headers, html }, variants);
    await examiner.close();
    return found;
  };
  const clean = await examine('fixture', good);
  failures.push(...clean.map((problem) => `the good page has a problem: ${problem}`));

  for (const [name, mutate, word] of MUTATIONS) {
    const broken = mutate(good);
    if (broken === good) failures.push(`${name}: the mutation does not change the page`);
    const found = await examine('broken', broken, word === 'px wide' ? ['narrow'] : ['light']);
    if (!found.some((problem) => problem.includes(word))) failures.push(`${name}: nobody complained about "${word}", only: ${found.join(' | ') || 'nothing'}`);
  }
  const answered = await examine('broken', good, ['light'], 200);
  if (!answered.some((problem) => problem.includes('not 422'))) failures.push('a page with errors and status 200 passes');
} finally {
  await browser.close();
  server.close();
}
for (const failure of failures) console.error(failure);
console.log(`${MUTATIONS.length + 2 - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length ? 1 : 0;
