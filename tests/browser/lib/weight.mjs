// What the first view of a page costs, as transferred: document, style sheet, fonts, headers, packed as sent.
import { variantOptions } from './browser.mjs';

export async function firstView(browser, url) {
  const context = await browser.newContext(variantOptions('narrow'));
  const page = await context.newPage();
  const parts = [];
  const pending = [];
  page.on('requestfinished', (request) => {
    pending.push(
      request.sizes().then((sizes) => {
        if (!request.url().startsWith('data:')) parts.push({ path: new URL(request.url()).pathname, bytes: sizes.responseBodySize + sizes.responseHeadersSize });
      }),
    );
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await Promise.all(pending);
  await context.close();
  return { total: parts.reduce((sum, part) => sum + part.bytes, 0), parts };
}
