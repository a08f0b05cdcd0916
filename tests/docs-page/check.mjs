import { account, build, instance, makeFolder, removeFolder } from '../chaos/house.mjs';
import { findChromium, openBrowser } from './browser.mjs';

// Opens the reference in a headless Chromium, wide and as a phone, upon the demonstration of a fresh embedded database:
// what it shows, how soon, what it loads, and that a log-in and a write can be tried in it.

const firstSightMsMax = 1_000;
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const firstOperation = `(() => {
  const link = document.querySelector('#nav a');
  if (link === null) return false;
  const { top, bottom, height } = link.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
})()`;
const shown = (id) => `document.querySelector('.opblock[id$="-${id}"] .opblock-body')?.checkVisibility()`;
const execute = `document.querySelector('.btn.execute').click()`;
const wide = 'document.documentElement.scrollWidth > innerWidth';

/** Types into the box of the body, as React notices it. */
const typeBody = (body) => `(() => {
  const box = document.querySelector('.body-param textarea');
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, ${JSON.stringify(JSON.stringify(body))});
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.dispatchEvent(new Event('change', { bubbles: true }));
})()`;

async function untilShown(page, id) {
  const ms = await page.until(shown(id));
  const blocks = await page.evaluate(`document.querySelectorAll('.opblock').length`);
  if (blocks !== 1) throw new Error(`${blocks} operations are shown and not ${id} alone`);
  return ms;
}

const fitsIn = async (page, what) => {
  if (await page.evaluate(wide)) throw new Error(`${what} is wider than the window`);
};

/** By the keyboard alone: from the top of the page to the first operation, and into it. */
async function byKeyboard(page) {
  for (let presses = 0; !(await page.evaluate(`document.activeElement?.matches('#nav a')`)); presses += 1) {
    if (presses > 20) throw new Error('no operation is reached with the tab key');
    await page.press('Tab');
  }
  await page.press('Enter');
  await untilShown(page, 'listArticles');
}

async function logInAndWrite(page) {
  await page.evaluate(`location.hash = '#/Auth/login'`);
  await untilShown(page, 'login');
  await page.until(`document.querySelector('.body-param textarea')`);
  await page.evaluate(typeBody(account));
  await page.evaluate(execute);
  await page.until(`document.querySelector('.auth-wrapper').textContent.includes('Your token is sent')`);
  await page.evaluate(`location.hash = '#/Articles/createArticle'`);
  await untilShown(page, 'createArticle');
  await page.until(`document.querySelector('.body-param textarea')?.value.includes('title')`);
  await page.evaluate(execute);
  await page.until(`document.querySelector('.live-responses-table .response .response-col_status')`);
  const status = await page.evaluate(
    `document.querySelector('.live-responses-table .response .response-col_status').textContent.trim()`,
  );
  if (!status.startsWith('201')) throw new Error(`the example of createArticle answers ${status}`);
}

async function readAround(browser, url, size) {
  const page = await browser.page(size);
  await page.open(`${url}/docs`);
  const firstMs = await page.until(firstOperation);
  const startBytes = page.seen.bytes;
  await fitsIn(page, 'the start');
  await byKeyboard(page);
  await page.evaluate(`document.querySelector('#nav a[data-id="getArticle"]').click()`);
  const clickMs = await untilShown(page, 'getArticle');
  await page.until(`document.querySelector('.parameters input[placeholder="idOrSlug"]')?.value.includes('-')`);
  await page.until(`document.querySelector('.btn.execute')`);
  await page.evaluate(execute);
  await page.until(`document.querySelector('.live-responses-table')?.textContent.includes('200')`);
  await fitsIn(page, 'an operation with its answer');
  await logInAndWrite(page);
  await fitsIn(page, 'an operation with a body');
  const refused = await page.evaluate('window.refusedByPolicy ?? []');
  const strange = page.seen.addresses.filter(
    (address) => !address.startsWith(url) && !/^(data|blob|about):/.test(address),
  );
  const faults = [...refused, ...strange, ...page.seen.complaints];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  await page.close();
  return { firstMs, clickMs, startKB: Math.round(startBytes / 1_000), allKB: Math.round(page.seen.bytes / 1_000) };
}

/** A link to an operation, opened anew. */
async function deepLink(browser, url, size) {
  const page = await browser.page(size);
  await page.open(`${url}/docs#/Wire/putItem`);
  const ms = await untilShown(page, 'putItem');
  await fitsIn(page, 'a linked operation');
  await page.close();
  return ms;
}

async function checkAll(program) {
  build();
  const folder = makeFolder();
  const api = await instance({
    DATA_DIR: folder,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    DEMO: 'true',
  });
  const browser = await openBrowser(program);
  try {
    await api.start();
    const rows = {};
    for (const [name, size] of Object.entries(sizes)) {
      const linkMs = await deepLink(browser, api.url, size);
      rows[name] = { ...(await readAround(browser, api.url, size)), linkMs };
    }
    console.table(rows);
    const late = Object.values(rows).filter(({ firstMs }) => firstMs > firstSightMsMax);
    if (late.length > 0) throw new Error(`the first operation is seen after more than ${firstSightMsMax} ms`);
  } finally {
    await browser.close();
    await api.stop();
    removeFolder(folder);
  }
}

const program = findChromium();
if (program === undefined) console.log('skipped: there is no Chromium (name one as CHROMIUM)');
else await checkAll(program);
