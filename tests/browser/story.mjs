// The story of docs/architecture.md, steps 1 to 6, in a browser: parents without scripts, then three caseworkers.
// Every state of every page on the way is examined in four variants.
//
//   EINMAL_BASE=http://127.0.0.1:PORT node tests/browser/story.mjs
//
// EINMAL_SCREENSHOTS names a folder for pictures of every state, EINMAL_PICTURES one for those of the documentation;
// EINMAL_EXAMINE=off walks without examining.
import { launch } from './lib/browser.mjs';
import { Examiner } from './lib/examiner.mjs';
import { Visitor } from './lib/visitor.mjs';
import { firstView } from './lib/weight.mjs';

const base = process.env.EINMAL_BASE;
if (!base) throw new Error('EINMAL_BASE names no running demonstration world');

const FIRST_VIEW = 60 * 1024;

/** What Mara answers, by the name of the input. Prefilled answers are not here: she only confirms them. */
const ANSWERS = {
  'child.count': '1',
  'child.birth_place': '27568',
  'child.1.first_names': 'Zoë Ayşe',
  'parent.1.birth_name': 'Feldkamp',
  'parent.1.place': '28203',
  'parent.2.known': 'yes',
  'parent.2.first_names': 'Jonas',
  'parent.2.last_name': 'Feldkamp',
  'parent.2.birth_name': 'Öztürk-Brandt',
  'parent.2.birth_date.day': '3',
  'parent.2.birth_date.month': '11',
  'parent.2.birth_date.year': '1992',
  'parent.2.tax_id': '09876543220',
  'certificates.standard': '2',
  'certificates.multilingual': '0',
  'child_benefit.other_children': '0',
  'parental_allowance.first_month': '1',
  'parental_allowance.last_month': '12',
  'account.iban': 'DE89 3704 0044 0532 0130 00',
  'account.holder': 'Mara Feldkamp',
  'contact.email': 'mara.feldkamp@example.org',
  'contact.phone': '',
};

/** The day before yesterday, so that the birth always lies in the past and within every term. */
function birthDate() {
  const day = new Date(Date.now() - 2 * 86_400_000);
  return {
    'child.birth_date.day': String(day.getDate()),
    'child.birth_date.month': String(day.getMonth() + 1),
    'child.birth_date.year': String(day.getFullYear()),
  };
}

const CASEWORKERS = [
  { person: 'S. Hansen', office: 'Standesamt Bremerhaven', accept: true },
  { person: 'M. Kowalski', office: 'Familienkasse Bremen', accept: true },
  { person: 'A. Yılmaz', office: 'Elterngeldstelle Bremen', accept: false },
];

async function signIn(visitor, person, states) {
  if (states) await visitor.examine(`${states}-sign-in`);
  await visitor.follow(/erfundener Person/);
  if (states) await visitor.examine(`${states}-simulation`);
  await visitor.press(person);
}

/** Search, place, plan before login. */
async function find(visitor) {
  await visitor.open('/');
  await visitor.examine('start');

  await visitor.open('/ort?weiter=/');
  await visitor.examine('place');
  await visitor.press('Weiter');
  await visitor.examine('place-missing');
  await visitor.fill('ort', 'Xyz');
  await visitor.press('Weiter');
  await visitor.examine('place-unknown');
  await visitor.fill('ort', 'Neuenkirchen');
  await visitor.press('Weiter');
  if ((await visitor.page.locator('main [name="auswahl"]').count()) < 2) throw new Error('there are several Neuenkirchen');
  await visitor.examine('place-ambiguous');
  await visitor.fill('ort', 'Bremen');
  await visitor.press('Weiter');
  if ((await visitor.page.locator('main [name="auswahl"]').count()) > 0) {
    await visitor.page.locator('main [name="auswahl"]').first().check({ force: true });
    await visitor.press('Weiter');
  }

  await visitor.open('/suche?q=');
  await visitor.examine('search-empty');
  await visitor.open('/suche?q=xqzvw');
  await visitor.examine('search-nothing');
  await visitor.open('/');
  await visitor.fill('q', 'baby bekommen');
  await visitor.press('Suchen');
  await visitor.expect('Ein Kind ist geboren');
  await visitor.examine('search-results');
  await visitor.follow('Kindergeld beantragen');
  await visitor.expect('Familienkasse Bremen');
  await visitor.examine('service');
  const service = visitor.url.pathname;
  // Where nobody is registered the page says so instead of guessing.
  await visitor.open(`/ort?weiter=${encodeURIComponent(service)}`);
  await visitor.fill('ort', 'Achim');
  await visitor.press('Weiter');
  await visitor.open(service);
  if (await visitor.has('Familienkasse Bremen')) throw new Error('the office of Bremen is shown for Achim');
  await visitor.examine('service-nothing-registered');

  await visitor.open('/suche?q=baby+bekommen');
  await visitor.follow('Ein Kind ist geboren');
  await visitor.examine('plan-places-unknown');
  await visitor.fill('birth', 'Bremerhaven');
  await visitor.fill('home', '28203');
  await visitor.press('Stellen anzeigen');
  for (const { office } of CASEWORKERS) await visitor.expect(office);
  await visitor.examine('plan');
  await visitor.picture('plan', 1800);
}

/** Every question, first empty, then right. */
async function questions(visitor) {
  const answers = { ...ANSWERS, ...birthDate() };
  const task = visitor.url.pathname;
  const seen = [];
  for (let step = 0; step < 60; step++) {
    const path = visitor.url.pathname;
    if (!path.startsWith(`${task}/`)) {
      // Back at the task list: go on with the first section that is not finished.
      if ((await visitor.page.locator('main a[href$="/pruefen"]').count()) > 0) return seen;
      const open = visitor.page.locator('main ol a.kern-task-list__content-wrapper', { hasNot: visitor.page.locator('.done') });
      const links = await visitor.page.locator('main .kern-task-list__item').evaluateAll((items) =>
        items.map((item) => [item.querySelector('a')?.getAttribute('href'), item.querySelector('.kern-badge')?.innerText ?? '']),
      );
      const next = links.find(([href, badge]) => href && badge);
      if (!next) throw new Error(`no section to go on with (${await open.count()} links):\n${await visitor.text()}`);
      await visitor.open(next[0]);
      continue;
    }
    const question = path.slice(task.length + 1);
    if (question === 'pruefen') return seen;
    seen.push(question);
    await visitor.examine(`question-${question}`);
    const prefilled = await visitor.values();
    await visitor.empty();
    await visitor.press('Weiter');
    if ((await visitor.state()) === 'error') {
      if (visitor.document.status !== 422) throw new Error(`${path} has errors with status ${visitor.document.status}`);
      await visitor.examine(`question-${question}-error`);
    } else {
      // Everything on it was optional or a choice that was made already: back to it.
      await visitor.open(path);
    }
    await visitor.answer({ ...answers, ...prefilled });
    await visitor.press('Weiter');
    if ((await visitor.state()) === 'error' && (await visitor.page.locator('main input[name$=".choice"]').count()) > 0) {
      await visitor.page.locator('main input[name$=".choice"]').first().check({ force: true });
      await visitor.press('Weiter');
    }
    if ((await visitor.state()) === 'error') throw new Error(`${path} refuses a good answer:\n${await visitor.text()}`);
  }
  throw new Error(`the questions never end: ${seen.join(', ')}`);
}

/** From the plan to the confirmation. */
async function apply(visitor) {
  await visitor.press(/Anmelden und (starten|beginnen)|starten|beginnen|Anmelden/);
  await signIn(visitor, 'Mara Feldkamp', 'citizen');
  await visitor.examine('tasks');
  const asked = await questions(visitor);
  if (asked.length < 12) throw new Error(`only ${asked.length} questions were asked: ${asked.join(', ')}`);
  if (new Set(asked).size !== asked.length) throw new Error(`a question was asked twice: ${asked.join(', ')}`);
  if (!visitor.url.pathname.endsWith('/pruefen')) {
    await visitor.examine('tasks-done');
    await visitor.open(`${visitor.url.pathname}/pruefen`);
  }
  await visitor.examine('check');
  await visitor.expect('von Ihnen');
  await visitor.proceed();
  await visitor.examine('receivers');
  for (const { office } of CASEWORKERS) await visitor.expect(office);
  await visitor.press('Antrag verbindlich absenden');
  await visitor.examine('receivers-not-declared');
  await visitor.choose('erklaerung', 'ja');
  await visitor.press('Antrag verbindlich absenden');
  await visitor.examine('confirmation');
  if (await visitor.has('erfolgreich')) throw new Error('the confirmation says "erfolgreich"');
  return (await visitor.page.locator('.e-reference').innerText()).trim();
}

/** Waits for a state of a page by loading it again, as a person without scripts does. */
async function until(visitor, what, reached) {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (await reached()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await visitor.reload();
  }
  throw new Error(`${what} did not happen within a minute:\n${await visitor.text()}`);
}

async function decide(browser, examiner, { person, office, accept }, number) {
  const visitor = await Visitor.open(browser, base, examiner);
  await visitor.open('/amt');
  await signIn(visitor, person, number === 0 ? 'staff' : '');
  await visitor.expect(office);
  const rows = visitor.page.locator('main tr[data-case-state]');
  await until(visitor, `the case at ${office}`, async () => (await rows.count()) > 0);
  await visitor.examine(`inbox-${number}`);
  if ((await rows.count()) !== 1) throw new Error(`${office} has ${await rows.count()} cases instead of one`);
  const href = await visitor.page.locator('main tr[data-case-state] a').first().getAttribute('href');
  await visitor.open(href);
  await visitor.examine(`case-${number}`);
  if (accept) {
    await visitor.press(/annehmen/i);
  } else {
    await visitor.press(/zurückweisen/i);
    await visitor.examine(`case-${number}-no-reason`);
    await visitor.fill('begruendung', 'Die Angaben zum Einkommen fehlen. Bitte senden Sie den Antrag mit diesen Angaben noch einmal.');
    await visitor.press(/zurückweisen/i);
  }
  await visitor.examine(`case-${number}-decided`);
  await visitor.close();
  return href;
}

async function run(browser, examiner) {
  const weight = await firstView(browser, base);
  console.log(`first view: ${weight.total} bytes transferred (${weight.parts.map((part) => `${part.path} ${part.bytes}`).join(', ')})`);
  if (weight.total > FIRST_VIEW) examiner.problems.push(`the first view transfers ${weight.total} bytes, at most ${FIRST_VIEW} are allowed`);

  const parents = await Visitor.open(browser, base, examiner);
  await find(parents);
  const reference = await apply(parents);
  console.log(`sent under ${reference}`);
  const id = parents.url.pathname.split('/').at(-2);
  const status = `/konto/vorgaenge/${id}`;
  await parents.open(status);
  await parents.expect(reference);
  await parents.examine('status');
  await parents.open('/konto');
  await parents.examine('account');

  const cases = [];
  for (const [number, caseworker] of CASEWORKERS.entries()) cases.push(await decide(browser, examiner, caseworker, number));

  // Nobody sees the case of another office.
  const stranger = await Visitor.open(browser, base, examiner);
  await stranger.open('/amt');
  await signIn(stranger, CASEWORKERS[1].person, '');
  await stranger.open(cases[0]);
  if (![403, 404].includes(stranger.document.status)) throw new Error(`a foreign case answers ${stranger.document.status}`);
  await stranger.examine('case-of-another-office');
  await stranger.close();

  await parents.open(status);
  const legs = parents.page.locator('[data-leg-state]');
  await until(parents, 'the answers of all three offices', async () => {
    const states = await legs.evaluateAll((sections) => sections.map((section) => section.dataset.legState));
    return states.length === 3 && states.filter((state) => state === 'accepted').length === 2 && states.includes('rejected');
  });
  await parents.expect('Die Angaben zum Einkommen fehlen.');
  await parents.examine('status-answered');
  await parents.picture('status', 1280);

  for (const [name, path] of Object.entries({
    help: '/hilfe',
    'easy-language': '/leichte-sprache',
    accessibility: '/barrierefreiheit',
    privacy: '/datenschutz',
    imprint: '/impressum',
    'not-found': '/gibt-es-nicht',
  })) {
    await parents.open(path);
    await parents.examine(name);
  }
  await parents.open('/');
  await parents.follow('English');
  await parents.examine('start-english');
  await parents.close();
}

const browser = await launch();
const examiner = new Examiner(browser);
const begin = Date.now();
let failure;
try {
  await run(browser, examiner);
} catch (error) {
  failure = error;
} finally {
  await browser.close();
}
const problems = [...new Set(examiner.problems)];
for (const problem of problems) console.error(problem);
if (failure) console.error(failure.stack ?? failure);
console.log(`${examiner.states.length} states of pages examined in ${((Date.now() - begin) / 1000).toFixed(0)} s, ${problems.length} problems`);
process.exitCode = failure || problems.length ? 1 : 0;
