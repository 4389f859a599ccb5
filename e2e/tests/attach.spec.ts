import { deflateSync, crc32 } from 'node:zlib';
import { marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** A picture of a size, in one colour. */
function png(width: number, height: number, colour: [number, number, number]) {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const ends = Buffer.alloc(4);
    ends.writeUInt32BE(crc32(body));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    return Buffer.concat([size, body, ends]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
  const lines = Buffer.concat(Array.from({ length: height }, () => line));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}

const picture = { name: 'banco di prova.png', mimeType: 'image/png', buffer: png(1600, 900, [180, 90, 60]) };
const figures = { name: 'misure.csv', mimeType: 'text/csv', buffer: Buffer.from('ora;dB\r\n9;61\r\n') };

const form = (page: Page) => page.locator('#comment');
const box = (page: Page) => form(page).getByRole('textbox');
const arriving = (page: Page) => form(page).locator('.arriving');

/** Lets files wait on their way until they are let go. */
async function hold(page: Page) {
  let go = () => {};
  const gate = new Promise<void>((resolve) => { go = resolve; });
  await page.route('**/api/v1/files', async (route) => {
    await gate;
    await route.continue().catch(() => {}); // cancelled meanwhile
  });
  return go;
}

/** Gives files to the field the way a browser does when they are pasted or dropped on it. */
async function give(page: Page, how: 'paste' | 'drop', file: typeof picture, text = '') {
  await box(page).evaluate((field, { how, name, type, bytes, text }) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    if (text) data.items.add(text, 'text/plain');
    const event = how === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
  }, { how, name: file.name, type: file.mimeType, bytes: [...file.buffer], text });
}

async function send(page: Page) {
  await form(page).getByRole('button', { name: say('Comment'), exact: true }).click();
}

test('chosen files are named where one writes, and seen in the comment', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un banco di prova in più'));
  await box(page).fill('Ecco com’è adesso.');
  await form(page).locator('[data-attach]').setInputFiles([picture, figures]);
  await expect(box(page)).toHaveValue(/^Ecco com’è adesso\.\n!\[banco di prova\]\(\/files\/\d+\)\n\[misure\.csv\]\(\/files\/\d+\)\n$/);
  await expect(arriving(page)).toHaveCount(0);
  await expect(page.locator('#told')).toHaveText(say('Attached: %s', figures.name));
  await send(page);
  const shown = page.locator('#thread').getByRole('img', { name: 'banco di prova' });
  await expect(shown).toBeVisible();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1280);
  await expect(page.locator('#thread').getByRole('link', { name: /^misure\.csv CSV/ })).toBeVisible();

  const whole = await page.request.get(await page.locator('#thread a.picture').getAttribute('href') ?? '');
  expect(whole.headers()['content-type']).toBe('image/png');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#thread a.file').click()]);
  expect(download.suggestedFilename()).toBe('misure.csv');
});

// S-004, S-006: the browser itself is asked.
test('whatever a file is, opening it runs nothing; a picture opens whole', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Che cosa c’è in un file'));
  const script = '<script>document.title="CNRY"; parent.CNRY = 1</script>';
  await form(page).locator('[data-attach]').setInputFiles([
    { name: 'pagina.html', mimeType: 'text/html', buffer: Buffer.from(`Prima parole. ${script}`) },
    { name: 'carta.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${script}`) },
    { ...picture, buffer: Buffer.concat([picture.buffer, Buffer.from(script)]) },
  ]);
  await expect(box(page)).toHaveValue(/pagina\.html\.txt.*carta\.pdf.*banco di prova/s);
  await send(page);
  await expect(page.locator('#thread a.file')).toHaveCount(2);
  for (const link of await page.locator('#thread a.file').all()) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/^(pagina\.html\.txt|carta\.pdf)$/);
  }
  await page.locator('#thread a.picture').click();
  await expect(page).toHaveURL(/\/files\/\d+$/);
  await expect.poll(() => page.evaluate(() => document.images[0]?.naturalWidth)).toBe(1600);
  expect(await page.title()).not.toContain('CNRY');
});

test('a picture is pasted or dropped; words beside a picture are pasted as words', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('La pianta del reparto'));
  await box(page).focus();
  await give(page, 'paste', { ...picture, name: 'image.png' });
  await expect(box(page)).toHaveValue(/^!\[image\]\(\/files\/\d+\)\n$/);
  await give(page, 'drop', figures);
  await expect(box(page)).toHaveValue(/^!\[image\]\(\/files\/\d+\)\n\[misure\.csv\]\(\/files\/\d+\)\n$/);
  const before = await box(page).inputValue();
  await give(page, 'paste', picture, 'una tabella');
  await expect(arriving(page)).toHaveCount(0);
  expect(await box(page).inputValue()).toBe(before); // left to the browser, which pastes only what a person pastes
  // Ctrl+Z takes a reference out again.
  await box(page).press('Control+z');
  await expect(box(page)).toHaveValue(/^!\[image\]\(\/files\/\d+\)\n$/);
});

test('a file on its way shows how far it is, and can be stopped', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Due lampade in magazzino'));
  const go = await hold(page);
  await box(page).fill('Le due lampade.');
  await form(page).locator('[data-attach]').setInputFiles([picture, figures]);
  await expect(arriving(page)).toHaveCount(2);
  await expect(arriving(page).first().getByRole('progressbar', { name: picture.name })).toBeVisible();
  await expect(arriving(page).first().locator('img')).toBeVisible();

  await send(page); // not yet: a file is still on its way
  await expect(form(page).getByText(say('Wait until your files have arrived, or cancel them.'))).toBeVisible();
  await expect(box(page)).toHaveValue('Le due lampade.');

  await form(page).getByRole('button', { name: say('Cancel the upload of %s', picture.name) }).click();
  await expect(arriving(page)).toHaveCount(1);
  await expect(box(page)).toBeFocused();
  go();
  await expect(box(page)).toHaveValue(/^Le due lampade\.\n\[misure\.csv\]\(\/files\/\d+\)\n$/);
  await send(page);
  await expect(page.locator('#thread').getByRole('link', { name: /^misure\.csv/ })).toBeVisible();
});

test('a file that arrives while one writes leaves the word whole and the caret where it is', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Mentre scrivo'));
  const go = await hold(page);
  await box(page).fill('Prima riga.\n\nUltima riga.');
  await box(page).press('Control+Home');
  await box(page).press('End');
  await form(page).locator('[data-attach]').setInputFiles([picture, figures]);
  await expect(arriving(page)).toHaveCount(2);
  await box(page).focus();
  await page.keyboard.type(' E anco');
  go();
  await expect(arriving(page)).toHaveCount(0);
  await expect(box(page)).toHaveValue(/files.*files/s);
  await page.keyboard.type('ra.');
  await expect(box(page)).toHaveValue(/^Prima riga\. E ancora\.\n!\[banco di prova\]\(\/files\/\d+\)\n\[misure\.csv\]\(\/files\/\d+\)\n\nUltima riga\.$/);
});

test('a page is not read again while a file is on its way', async ({ as }) => {
  const [page, moderator] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(page, fresh('Tolta e rimessa'));
  await moderator.goto(new URL(page.url()).pathname);
  const go = await hold(page);
  await form(page).locator('[data-attach]').setInputFiles([figures]);
  await expect(arriving(page)).toHaveCount(1);
  await moderator.locator('form[action$="/delete"]').evaluate((form: HTMLFormElement) => { form.querySelector('select')!.value = 'off_topic'; form.requestSubmit(); });
  await moderator.locator('.undo').getByRole('button').click();
  await expect(page.locator('.bar')).toContainText(say('There is more to show than fits here.'));
  go();
  await expect(box(page)).toHaveValue(/files/);
});

test('what is refused says why, where it happened, and is put away', async ({ as, complaints }) => {
  complaints.expect(/status of 422/);
  const page = await as(marta);
  await postIdea(page, fresh('Il logo sul portone'));
  await form(page).locator('[data-attach]').setInputFiles([{ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }]);
  await expect(form(page).getByRole('alert')).toContainText(say('Files of this kind are not taken here. Pictures (JPEG, PNG, GIF, WebP), PDF, Word, Excel, PowerPoint, OpenDocument, text and CSV are.'));
  await expect(box(page)).toHaveValue('');
  await form(page).getByRole('button', { name: say('Put this message away') }).click();
  await expect(arriving(page)).toHaveCount(0);
  // One that is too large is not sent at all.
  const asked: string[] = [];
  page.on('request', (request) => { if (request.url().endsWith('/api/v1/files')) asked.push(request.url()); });
  await form(page).locator('[data-attach]').setInputFiles([{ name: 'film.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(11 << 20, 32) }]);
  await expect(form(page).getByRole('alert')).toContainText(say('This file is larger than %d MB. Make it smaller, or paste a link to where it is.', 10));
  expect(asked).toEqual([]);
});

test('a picture takes its place before it is there, also on a phone', async ({ as }) => {
  const page = await as(marta, { viewport: { width: 390, height: 844 } });
  await postIdea(page, fresh('Foto dal telefono'));
  await form(page).locator('[data-attach]').setInputFiles([picture]);
  await expect(box(page)).toHaveValue(/files/);
  await send(page);
  const shown = page.locator('#thread').getByRole('img', { name: 'banco di prova' });
  await expect(shown).toBeVisible();

  let go = () => {};
  const gate = new Promise<void>((resolve) => { go = resolve; });
  await page.route('**/files/*/view', async (route) => { await gate; await route.continue(); });
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) Object.assign(window, { shift: (window as unknown as { shift: number }).shift + (entry as unknown as { value: number }).value });
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.reload();
  await shown.scrollIntoViewIfNeeded();
  const before = await shown.boundingBox();
  expect(before?.width).toBeGreaterThan(250);
  expect(Math.abs((before?.width ?? 0) / (before?.height ?? 1) - 16 / 9)).toBeLessThan(0.05);
  go();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(1280);
  expect((await shown.boundingBox())?.height).toBe(before?.height);
  expect(await page.evaluate(() => (window as unknown as { shift: number }).shift)).toBeLessThan(0.02);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a form brings its files, and keeps the text when one is refused', async ({ as }) => {
    const page = await as(marta);
    const title = fresh('Senza script');
    await page.goto('/boards/lavoro-e-spazi/new');
    await page.getByLabel(say('Your idea in one sentence')).fill(title);
    await page.getByLabel(say('What is the problem, and what do you propose?')).fill('Il testo che resta.');
    await page.getByLabel(say('Attach files to this text')).setInputFiles([picture, { name: 'x.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\x03\x04') }]);
    await page.getByRole('button', { name: say('Post the idea') }).click();
    await expect(page.locator('.fault').first()).toBeVisible();
    await expect(page.getByLabel(say('What is the problem, and what do you propose?'))).toHaveValue(/^Il testo che resta\.\r?\n\r?\n!\[banco di prova\]\(\/files\/\d+\)$/);
    await page.getByRole('button', { name: say('Post the idea') }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.getByRole('img', { name: 'banco di prova' })).toBeVisible();

    await page.locator('#comment').getByRole('textbox').fill('E i numeri:');
    await page.locator('#comment').getByLabel(say('Attach files to this text')).setInputFiles([figures]);
    await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
    await expect(page.locator('#thread').getByRole('link', { name: /^misure\.csv/ })).toBeVisible();
  });
});
