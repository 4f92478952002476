// What every page has to satisfy, in every variant. Each check returns sentences, one per problem.
import { axeSource } from './packages.mjs';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice'];

/** Accessibility rules that a program can decide (BITV, EN 301 549, WCAG 2.2 AA). */
export async function axe(page) {
  if (!(await page.evaluate(() => typeof window.axe === 'object'))) await page.evaluate(axeSource);
  const result = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, preload: false, resultTypes: ['violations'] }),
    AXE_TAGS,
  );
  return result.violations.map((violation) => {
    const places = violation.nodes.slice(0, 3).map((node) => {
      const why = [...node.any, ...node.all].map((check) => check.message)[0] ?? '';
      return `${node.target.join(' ')} (${why})`;
    });
    return `axe ${violation.id}: ${violation.help}: ${places.join('; ')}`;
  });
}

/** WCAG 1.4.10: nothing is wider than the window; tables scroll in a region of their own. */
export async function reflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.scrollWidth;
    if (width <= innerWidth) return [];
    const wide = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.kern-table-responsive'))
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return [`the page is ${width} px wide in a window of ${innerWidth} px: ${wide.join(', ')}`];
  });
}

/** WCAG 1.4.12 and 1.4.4: wider text and text of double size neither overflow nor get cut off. */
export async function largerText(page) {
  const problems = [];
  const settings = {
    'text spacing': '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }',
    'text of 200 %': 'html { font-size: 200% !important; }',
  };
  for (const [name, css] of Object.entries(settings)) {
    const found = await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
      const cut = [...document.body.querySelectorAll('h1,h2,h3,p,a,label,legend,dd,dt,li,button,span')]
        .filter((element) => {
          const style = getComputedStyle(element);
          const hidden = style.overflow === 'hidden' || style.overflowX === 'clip';
          const unseen = element.closest('.kern-sr-only') || element.getClientRects().length === 0;
          return hidden && !unseen && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
        })
        .slice(0, 3)
        .map((element) => element.textContent.trim().slice(0, 40));
      const wide = document.documentElement.scrollWidth > innerWidth;
      document.adoptedStyleSheets.pop();
      return { cut, wide };
    }, css);
    if (found.wide) problems.push(`with ${name} the page is wider than the window`);
    if (found.cut.length) problems.push(`with ${name} text is cut off: ${found.cut.join(' | ')}`);
  }
  return problems;
}

/** Language, one title, one h1, headings in order, labels of their own, no inline styles or scripts. */
export async function structure(page) {
  return page.evaluate(() => {
    const problems = [];
    const main = document.querySelector('main');
    if (!document.documentElement.lang) problems.push('the page names no language');
    if (!main?.dataset.state) problems.push('main has no data-state');
    const state = main?.dataset.state;
    const h1 = document.querySelectorAll('h1').length;
    if (h1 !== 1) problems.push(`the page has ${h1} h1`);
    if (document.title.length > 90) problems.push(`the title is long: ${document.title}`);
    if (state === 'error' && !/^(Fehler|Error):/.test(document.title)) problems.push(`the title of a page with errors begins with "Fehler:", not: ${document.title}`);
    if (state === 'error') {
      const summary = document.getElementById('fehler');
      if (!summary) problems.push('no error summary');
      else if (document.activeElement !== summary) problems.push('the error summary has not got the focus');
      for (const link of summary?.querySelectorAll('a') ?? []) {
        if (!document.getElementById(link.hash.slice(1))) problems.push(`the error link ${link.getAttribute('href')} leads nowhere`);
      }
    }
    // The error summary above the question may begin with h2.
    let level = 1;
    for (const heading of document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')) {
      const next = Number(heading.tagName[1]);
      if (next > level + 1) problems.push(`heading level ${next} follows ${level}: ${heading.textContent.trim()}`);
      level = next;
    }
    for (const element of document.querySelectorAll('[style]:not([style=""])')) problems.push(`an element has a style attribute: ${element.outerHTML.slice(0, 120)}`);
    if (document.querySelector('script:not([src]), [onclick], [onload], [onchange]')) problems.push('the page holds inline script');
    if (/\{\{|\}\}|undefined|\bNone\b/.test(main?.innerText ?? '')) problems.push('template remains stand in the text');
    return problems;
  });
}

/** Every form control reaches the server by name and every personal field helps to fill itself (WCAG 1.3.5, 3.3.8). */
export async function forms(page) {
  return page.evaluate(() => {
    const problems = [];
    for (const form of document.forms) {
      if (form.method === 'post' && !form.noValidate && form.querySelector('input:not([type=hidden]), select, textarea')) {
        problems.push(`the form to ${form.getAttribute('action')} lets the browser show its own messages (novalidate is missing)`);
      }
      for (const control of form.querySelectorAll('input:not([type=hidden]):not([type=submit]), select, textarea')) {
        if (!control.name) problems.push(`${control.id || control.outerHTML} has no name`);
        if (!control.labels?.length && !control.ariaLabel) problems.push(`${control.name} has no label`);
      }
      for (const button of form.querySelectorAll('button:not([type])')) problems.push(`a button has no type: ${button.textContent.trim()}`);
    }
    return problems;
  });
}

/**
 * WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11: Tab reaches every control in the order of the document, the focus shows,
 * nothing covers it, and the walk ends.
 */
export async function keyboard(page) {
  const expected = await page.evaluate(() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const seen = new Set();
    const stops = [...document.querySelectorAll(wanted)].filter((element) => {
      if (element.disabled || element.getClientRects().length === 0) return false;
      // What lies in closed details is laid out but not there.
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      // Radios of one group are one stop.
      if (element.type !== 'radio') return true;
      if (seen.has(element.name)) return false;
      seen.add(element.name);
      return true;
    });
    window.e2eStop = (element) => (element.type === 'radio' ? `radio ${element.name}` : element);
    window.e2eExpected = stops.map(window.e2eStop);
    window.e2eReached = [];
    document.activeElement?.blur?.();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return stops.length;
  });
  const problems = [];
  for (let presses = 0; presses < expected + 5; presses++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return { end: true };
      // Past the last stop the browser begins anew.
      if (window.e2eReached.length > 1 && window.e2eStop(element) === window.e2eReached[0]) return { end: true };
      window.e2eReached.push(window.e2eStop(element));
      const style = getComputedStyle(element);
      // A link stretched over its row shows the focus on the row; KERN draws it on ::after or a parent.
      const after = getComputedStyle(element, '::after');
      const parent = element.parentElement ? getComputedStyle(element.parentElement) : style;
      const drawn = [style, after, parent].some(
        (one) => (one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0) || one.boxShadow !== 'none',
      );
      const box = element.getBoundingClientRect();
      // The middle of what is in the window: a long table reaches beyond it.
      const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
      const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 12), middle);
      const inView = box.bottom > 0 && box.top < innerHeight;
      const label = [...(element.labels ?? [])];
      const covered = !inView || !hit || !(element.contains(hit) || hit.contains(element) || label.some((one) => one.contains(hit)));
      return { name: (element.textContent.trim().replace(/\s+/g, ' ') || element.name || element.id).slice(0, 40), drawn, covered };
    });
    if (stop.end) break;
    if (!stop.drawn) problems.push(`the focus does not show on "${stop.name}"`);
    if (stop.covered) problems.push(`something covers the focused "${stop.name}"`);
  }
  const { missed, order } = await page.evaluate(() => {
    const name = (stop) => (typeof stop === 'string' ? stop : (stop.textContent.trim().replace(/\s+/g, ' ') || stop.name || stop.id).slice(0, 40));
    const missed = window.e2eExpected.filter((stop) => !window.e2eReached.includes(stop)).map(name);
    const places = window.e2eReached.map((stop) => window.e2eExpected.indexOf(stop)).filter((place) => place >= 0);
    // A region that scrolls is a stop that nobody marked; it is not among the expected ones.
    const order = places.every((place, at) => at === 0 || place >= places[at - 1]);
    return { missed, order };
  });
  if (missed.length) problems.push(`Tab does not reach ${missed.join(', ')}`);
  if (!order) problems.push('Tab does not follow the order of the document');
  return problems;
}

/** WCAG 2.4.1: the skip link is the first stop, appears, and leads into main. */
export async function skipLink(page) {
  await page.evaluate(() => {
    document.activeElement?.blur?.();
    window.scrollTo(0, 0);
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  await page.keyboard.press('Tab');
  const visible = await page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return document.activeElement.matches('.e-skip') && box.top >= 0 && box.height > 0;
  });
  if (!visible) return ['the first stop of Tab is not a visible skip link'];
  await page.keyboard.press('Enter');
  const inside = await page.evaluate(() => document.activeElement === document.querySelector('main'));
  return inside ? [] : ['the skip link does not move the focus into main'];
}

/** Checks by variant: all decide about layout, so only those run that the variant can change. */
export const CHECKS = {
  // structure first: it looks at what the page itself focuses and holds, before other checks touch it.
  light: { structure, axe, forms, largerText, keyboard, skipLink },
  dark: { axe },
  narrow: { axe, reflow },
  forced: { axe },
};
