// Examines one state of one page in all variants, without disturbing the visitor who brought it about.
//
// The visitor's document is shown again in each variant exactly as the server sent it, headers included, so a state
// that took a form to reach (an error, a confirmation) is examined like any other. Style sheet and fonts come from the
// server.
import { CHECKS } from './checks.mjs';
import { screenshotFolder, screenshotPath, variantOptions } from './browser.mjs';

/** Bytes before packing; the largest page lists every value for every office. */
const LARGEST_DOCUMENT = 40 * 1024;

export class Examiner {
  #browser;
  #pages = {};
  #folder = screenshotFolder();
  #titles = new Map();
  #number = 0;
  problems = [];
  states = [];

  constructor(browser) {
    this.#browser = browser;
  }

  async #page(variant) {
    if (!this.#pages[variant]) {
      const context = await this.#browser.newContext(variantOptions(variant));
      const page = await context.newPage();
      page.on('console', (message) => {
        // The browser reports the document itself when the state is one of refusal (404, 403 …).
        const ownRefusal = message.location().url === page.url() && /status of 4\d\d/.test(message.text());
        if (message.type() === 'error' && !ownRefusal) this.#note(`${this.current} (${variant})`, `console: ${message.text()}`);
      });
      page.on('pageerror', (error) => this.#note(`${this.current} (${variant})`, `script: ${error.message}`));
      this.#pages[variant] = page;
    }
    return this.#pages[variant];
  }

  #note(where, problem) {
    this.problems.push(`${where}: ${problem}`);
  }

  /** Checks that do not depend on how the page looks. */
  #plain(name, document) {
    const title = /<title>([^<]*)<\/title>/.exec(document.html)?.[1] ?? '';
    const state = /<main[^>]*data-state="([^"]*)"/.exec(document.html)?.[1] ?? '';
    const path = new URL(document.url).pathname;
    if (!title) this.#note(name, 'the page has no title');
    const known = this.#titles.get(title);
    if (known && known.path !== path && known.state === state) this.#note(name, `has the title of ${known.path}: ${title}`);
    this.#titles.set(title, { path, state });
    if (state === 'error' && document.status !== 422) this.#note(name, `a page with errors answers ${document.status}, not 422`);
    if (document.status === 422 && state !== 'error') this.#note(name, `answers 422 with data-state "${state}"`);
    const policy = document.headers['content-security-policy'] ?? '';
    if (!policy.includes("default-src 'none'") || policy.includes('unsafe')) this.#note(name, `weak content security policy: ${policy || 'none'}`);
    const bytes = Buffer.byteLength(document.html);
    if (bytes > LARGEST_DOCUMENT) this.#note(name, `the document has ${bytes} bytes, at most ${LARGEST_DOCUMENT} are allowed`);
    return { title, state };
  }

  /**
   * Examines a document `{ url, status, headers, html }` under a name that says which state it is, in all variants or
   * in those named.
   */
  async examine(name, document, variants = Object.keys(CHECKS)) {
    const before = this.problems.length;
    this.current = name;
    const { state } = this.#plain(name, document);
    this.states.push(`${name} [${state}]`);
    // For whoever changes the story itself: the walk alone takes seconds.
    if (process.env.EINMAL_EXAMINE === 'off') return this.problems.slice(before);
    const number = String(++this.#number).padStart(2, '0');
    await Promise.all(
      variants.map(async (variant) => {
        const checks = CHECKS[variant];
        const page = await this.#page(variant);
        await page.unrouteAll();
        await page.route(document.url, (route) =>
          route.fulfill({ status: document.status === 422 ? 200 : document.status, headers: document.headers, body: document.html }),
        );
        await page.goto(document.url, { waitUntil: 'load' });
        await page.evaluate(() => document.fonts.ready);
        // The keyboard walk moves the focus, so the picture and the look at the focus come first.
        if (this.#folder && ['light', 'narrow', 'dark'].includes(variant)) {
          await page.screenshot({ path: screenshotPath(this.#folder, `${number}-${name}-${variant}`), fullPage: true });
        }
        for (const check of Object.values(checks)) {
          for (const problem of await check(page)) this.#note(`${name} (${variant})`, problem);
        }
      }),
    );
    return this.problems.slice(before);
  }

  /** Ends all variants. */
  async close() {
    await Promise.all(Object.values(this.#pages).map((page) => page.context().close()));
    this.#pages = {};
  }
}
