// A person in front of a browser without scripts: follows links, fills in forms, reads what comes back.
import { visitorOptions } from './browser.mjs';

/** Headers of a transfer, not of a document. */
const TRANSFER = ['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'set-cookie', 'date', 'keep-alive'];

export class Visitor {
  #page;
  #examiner;
  #base;
  #seen = new Set();
  /** What the server last sent: address, status, headers, text. */
  document;

  static async open(browser, base, examiner) {
    const visitor = new Visitor();
    const context = await browser.newContext(visitorOptions());
    visitor.#page = await context.newPage();
    visitor.#examiner = examiner;
    visitor.#base = base;
    visitor.#page.on('console', (message) => {
      // A browser reports every 4xx answer of a document as an error; we bring those about ourselves.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
        examiner.problems.push(`${visitor.#page.url()}: console: ${message.text()}`);
      }
    });
    return visitor;
  }

  get page() {
    return this.#page;
  }

  get url() {
    return new URL(this.#page.url());
  }

  /** Does something that leads to another document and keeps what the server sent. */
  async #leading(action) {
    const isDocument = (response) => {
      const request = response.request();
      return request.isNavigationRequest() && request.frame() === this.#page.mainFrame() && ![301, 302, 303, 307, 308].includes(response.status());
    };
    const [response] = await Promise.all([this.#page.waitForResponse(isDocument, { timeout: 30_000 }), action()]);
    await this.#page.waitForLoadState('load');
    const all = await response.allHeaders();
    const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !TRANSFER.includes(name)));
    this.document = { url: response.url(), status: response.status(), headers, html: await response.text() };
    if (response.status() >= 500) throw new Error(`${response.url()} answers ${response.status()}: ${await this.text()}`);
    return this.document;
  }

  async open(path) {
    return this.#leading(() => this.#page.goto(new URL(path, this.#base).href));
  }

  async follow(words) {
    const inMain = this.#page.locator('main').getByRole('link', { name: words });
    const link = ((await inMain.count()) > 0 ? inMain : this.#page.getByRole('link', { name: words })).first();
    await this.#must(link, `no link "${words}"`);
    return this.#leading(() => link.click());
  }

  async press(words) {
    const button = this.#page.locator('main').getByRole('button', { name: words }).first();
    await this.#must(button, `no button "${words}"`);
    return this.#leading(() => button.click());
  }

  /** The one way on from a page that is not a form. */
  async proceed() {
    const link = this.#page.locator('main a.kern-btn--primary');
    await this.#must(link, 'no way on');
    return this.#leading(() => link.click());
  }

  async reload() {
    return this.#leading(() => this.#page.goto(this.#page.url()));
  }

  async #must(locator, message) {
    if ((await locator.count()) === 0) throw new Error(`${message} on ${this.#page.url()}:\n${await this.text()}`);
  }

  /** Text of the main part as a person reads it. */
  async text() {
    return (await this.#page.locator('main').innerText()).replace(/\n+/g, '\n');
  }

  async has(words) {
    return (await this.text()).includes(words);
  }

  async expect(words) {
    if (!(await this.has(words))) throw new Error(`"${words}" is missing on ${this.#page.url()}:\n${await this.text()}`);
  }

  /** The marker of the page's state. */
  async state() {
    return this.#page.locator('main').getAttribute('data-state');
  }

  async fill(name, value) {
    await this.#page.locator(`main [name="${name}"]`).first().fill(value);
  }

  async choose(name, value) {
    await this.#page.locator(`main [name="${name}"][value="${value}"]`).check({ force: true });
  }

  /** Has the page examined, in all variants or in those named, once per name. */
  async examine(name, variants) {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    await this.#examiner.examine(name, this.document, variants);
  }

  /**
   * Answers the question on the page: `answers` by the name of the input; what is filled in already stays. An unknown
   * choice takes the first option, an unknown text is an error.
   */
  async answer(answers) {
    const inputs = await this.#page.locator('main form[method=post]').first().evaluate((form) =>
      [...form.querySelectorAll('input:not([type=hidden]), select, textarea')].map((input) => ({
        name: input.name,
        kind: input.type,
        value: input.value,
        checked: input.checked ?? false,
        optional: Boolean(input.labels?.[0]?.querySelector('.kern-label__optional')),
      })),
    );
    const names = [...new Set(inputs.map((input) => input.name))];
    for (const name of names) {
      const group = inputs.filter((input) => input.name === name);
      const [first] = group;
      const wanted = answers[name];
      if (first.kind === 'radio') {
        if (wanted !== undefined) await this.choose(name, wanted);
        else if (!group.some((input) => input.checked)) await this.choose(name, first.value);
      } else if (first.kind === 'checkbox') {
        if (wanted !== undefined) await this.choose(name, wanted);
      } else if (first.kind === 'select-one') {
        if (wanted !== undefined) await this.#page.locator(`main [name="${name}"]`).selectOption(wanted);
        else if (!first.value) await this.#page.locator(`main [name="${name}"]`).selectOption({ index: 1 });
      } else if (wanted !== undefined) {
        await this.fill(name, wanted);
      } else if (!first.value && !first.optional) {
        throw new Error(`no answer for ${name} on ${this.#page.url()}`);
      }
    }
  }

  /** What the form holds now, by the name of the input: prefilled answers above all. */
  async values() {
    return this.#page.locator('main form[method=post]').first().evaluate((form) =>
      Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && form.elements[name]?.type !== 'hidden')),
    );
  }

  /** Empties every text and answers the question wrongly, as far as an empty answer is wrong. */
  async empty() {
    for (const input of await this.#page.locator('main form[method=post] :is(input[type=text], input[type=email], input[type=tel], textarea)').all()) {
      await input.fill('');
    }
  }

  /** A picture for the documentation, when its folder is named. */
  async picture(name, height) {
    const folder = process.env.EINMAL_PICTURES;
    if (!folder) return;
    const width = this.#page.viewportSize().width;
    await this.#page.screenshot({ path: `${folder}/${name}.png`, fullPage: true, clip: { x: 0, y: 0, width, height } });
  }

  async close() {
    await this.#page.context().close();
  }
}
