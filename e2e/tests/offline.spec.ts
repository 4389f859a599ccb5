import { Line } from '../line.ts';
import { caretaker, marta, paolo, type Added } from '../people.ts';
import { addBoard, board, comment, expect, fresh, postIdea, signIn, test as base, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

interface Fixtures {
  /** The line of the person whom a test follows; the others have their own. */
  line: Line;
  /** Opens a browser at that line. */
  at: (who: string | Added) => Promise<Page>;
}

const test = base.extend<Fixtures>({
  line: async ({ baseURL, complaints }, use) => {
    complaints.expect(/net::ERR_/, /WebSocket connection/);
    const line = await Line.to(baseURL!);
    await use(line);
    line.close();
  },
  at: async ({ as, line }, use) => { await use((who) => as(who, { baseURL: line.url })); },
});

/** Asks the page's service worker, as the pages' scripts do. */
function ask<T>(page: Page, what: string) {
  return page.evaluate((what) => new Promise<T>((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    navigator.serviceWorker.controller?.postMessage({ ask: what }, [port2]);
  }), what);
}

/** Waits until the worker looks after the page. */
async function looksAfter(page: Page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

/** Opens a page and waits until a copy of it is kept. */
async function keep(page: Page, path: string) {
  await page.goto(path);
  await expect.poll(async () => (await ask<{ path: string }[]>(page, 'readable')).map((row) => row.path)).toContain(path);
}

/** Posts an idea with the worker at work, and keeps its page. */
async function keptIdea(page: Page, title: string) {
  await looksAfter(page);
  await postIdea(page, title);
  const path = new URL(page.url()).pathname;
  await keep(page, path);
  return path;
}

/** The line is cut, and the browser knows. */
async function goOffline(page: Page, line: Line) {
  line.cut();
  await page.context().setOffline(true);
}

async function comeBack(page: Page, line: Line) {
  line.mend();
  await page.context().setOffline(false);
}

/** Presses a button of the moderators on the page of an idea, without its confirmation. */
async function press(page: Page, path: string, act: string) {
  await page.goto(path);
  const form = page.locator(`form[action="${path}/${act}"]`);
  await form.evaluate((form: HTMLFormElement) => form.querySelectorAll('select').forEach((choice) => { choice.selectedIndex = 1; })); // a moderator's reason
  await Promise.all([page.waitForEvent('framenavigated'), form.evaluate((form: HTMLFormElement) => form.submit())]);
  await page.waitForLoadState();
}

/** How often a text stands in a thread, as the server tells somebody else. */
async function said(page: Page, path: string, text: string) {
  await page.goto(path);
  return page.locator('#thread').getByText(text, { exact: true }).count();
}

test('an opened page is read without a connection and says how old it is; another shows what can be read', async ({ at, line }) => {
  const page = await at(marta);
  const title = fresh('La bici & il "piano due"');
  const path = await keptIdea(page, title);
  await keep(page, '/');
  await goOffline(page, line);

  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('#offline')).toHaveText(/Copia di oggi, ore \d\d:\d\d\./);
  await expect(page.locator('body')).toHaveCSS('margin', '0px'); // its style sheet is there too

  await page.goto(`/boards/${board}/new`);
  await expect(page.getByRole('heading', { level: 1, name: say('You are offline') })).toBeVisible();
  await page.getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

  await comeBack(page, line);
  await expect(page.locator('#offline')).toBeHidden();
  await expect(page.locator('#copied')).toContainText(/Copia di oggi/);
  await page.getByRole('link', { name: say('Show the latest') }).click();
  await expect(page.locator('#copied')).toBeHidden();
});

test('a page that is kept is shown where the network does not answer, and its copy is renewed when it does', async ({ as, at, line }) => {
  const [page, other] = await Promise.all([at(marta), as(paolo)]);
  const title = fresh('Una rastrelliera coperta');
  await postIdea(other, title);
  const path = new URL(other.url()).pathname;
  await looksAfter(page);
  await keep(page, path);
  const keptAt = async () => (await ask<{ path: string; at: number }[]>(page, 'readable')).find((row) => row.path === path)?.at ?? 0;
  const before = await keptAt();
  const text = fresh('Detto nel frattempo');
  await comment(other, text);
  line.hold();
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('#copied')).toContainText(/Copia di oggi/);
  await expect(page.locator('#thread').getByText(text)).toHaveCount(0);

  line.release();
  await expect.poll(keptAt).toBeGreaterThan(before);
  await goOffline(page, line);
  await page.goto(path);
  await expect(page.locator('#thread').getByText(text)).toBeVisible();
});

test('a comment, a reply and a vote made without a connection are sent once, when there is one again', async ({ as, at, line }) => {
  const [page, other] = await Promise.all([at(marta), as(paolo)]);
  const path = await keptIdea(page, fresh('Una panca davanti alla mensa'));
  const first = fresh('Il primo');
  await page.locator('#comment').getByRole('textbox').fill(first);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('#thread').getByText(first)).toBeVisible();
  await keep(page, path);
  await goOffline(page, line);

  const [second, third, dropped] = [fresh('Il secondo'), fresh('Il terzo'), fresh('Il quarto')];
  const box = page.locator('#comment').getByRole('textbox');
  for (const text of [second, dropped]) {
    await box.fill(text);
    await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
    await expect(page.locator('.pending').filter({ hasText: text })).toContainText(say('Waiting to be sent'));
    await expect(box).toHaveValue('');
  }
  await page.locator('.pending').filter({ hasText: dropped }).getByRole('button', { name: say('Cancel') }).click();
  await expect(page.locator('.pending').filter({ hasText: dropped })).toHaveCount(0);
  await expect(box).toHaveValue(dropped); // words are not erased by a slip
  await page.locator('#thread').getByRole('link', { name: say('Reply') }).first().click();
  await page.locator('#thread').getByRole('textbox', { name: say('Your reply') }).fill(third);
  await page.locator('#thread').getByRole('button', { name: say('Reply') }).click();
  await expect(page.locator('#thread .pending').filter({ hasText: third })).toBeVisible();
  const vote = page.getByRole('button', { name: say('Vote for this idea') });
  await vote.click();
  await expect(page.locator('form.vote')).toHaveAttribute('data-waiting');

  // The page may be closed and opened again meanwhile: what waits still shows.
  await page.goto(path);
  await expect(page.locator('.pending')).toHaveCount(2);
  await expect(vote).toHaveAttribute('aria-pressed', 'true');

  // The first answer is lost on its way: what was sent is sent again, and done once.
  let lost = 0;
  await page.context().route('**/comments', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    if (lost++) await route.fulfill({ response: answer });
    else await route.abort('connectionreset');
  });
  await comeBack(page, line);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('online')));
    expect(await ask<unknown[]>(page, 'mine')).toEqual([]);
  }).toPass();
  await expect(page.locator('.pending')).toHaveCount(0);
  for (const [text, times] of [[first, 1], [second, 1], [third, 1], [dropped, 0]] as const) expect(await said(other, path, text)).toBe(times);
  await expect(other.locator('[id^=votes-]').first()).toContainText(/^\s*1\b/);
});

test('a form sent from a page that did not know it was offline is kept too', async ({ as, at, line }) => {
  test.slow(); // the live connection waits longer between its attempts, the more of them fail
  const [page, other] = await Promise.all([at(marta), as(paolo)]);
  const path = await keptIdea(page, fresh('Un rubinetto nel cortile'));
  const text = fresh('Scritto in ascensore');
  line.cut();
  await page.locator('#comment').getByRole('textbox').fill(text);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page).toHaveURL(`${path}#waiting`);
  await expect(page.locator('.pending')).toContainText(text);
  await expect(page.locator('#offline')).toBeVisible({ timeout: 20_000 }); // the live connection tells
  line.mend();
  await expect(page.locator('#offline')).toBeHidden({ timeout: 40_000 });
  await expect.poll(() => ask<unknown[]>(page, 'mine')).toEqual([]);
  expect(await said(other, path, text)).toBe(1);
});

test('what the server refuses comes back with the reason', async ({ as, at, line }) => {
  const [page, moderator] = await Promise.all([at(marta), as(paolo)]);
  const [locked, deleted] = [fresh('Chiusa nel frattempo'), fresh('Eliminata nel frattempo')];
  await postIdea(moderator, deleted);
  const paths = [await keptIdea(page, locked), new URL(moderator.url()).pathname];
  await keep(page, paths[1]);
  const text = fresh('Arrivo tardi');
  await goOffline(page, line);
  for (const path of paths) {
    await page.goto(path);
    await page.locator('#comment').getByRole('textbox').fill(text);
    await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
    await expect(page.locator('.pending')).toContainText(say('Waiting to be sent'));
  }
  await press(moderator, paths[0], 'lock');
  await press(moderator, paths[1], 'delete');
  await comeBack(page, line);
  await page.goto('/');
  await expect.poll(async () => (await ask<{ refused?: boolean }[]>(page, 'mine')).map((row) => row.refused)).toEqual([true, true]);
  for (const path of paths) {
    await page.goto(path);
    await expect(page.locator('.pending')).toContainText(text);
    await expect(page.locator('.pending').getByRole('alert')).toContainText(say('This was not sent: %s', ''));
  }
  await page.locator('.pending').getByRole('button', { name: say('Discard it') }).click();
  await expect(page.locator('.pending')).toHaveCount(0);
  await press(moderator, paths[0], 'unlock');
  await page.goto(paths[0]);
  await page.getByRole('button', { name: say('Put it back in the form') }).click();
  await expect(page.locator('#comment').getByRole('textbox')).toHaveValue(text);
  expect(await ask<unknown[]>(page, 'mine')).toEqual([]);
  await page.reload();
  await expect(page.locator('#comment').getByRole('textbox')).toHaveValue(text); // a draft like any other
});

test('a reply written on the page of its comment shows that it waits, and its button stays under the finger', async ({ at, line }) => {
  const page = await at(marta);
  const path = await keptIdea(page, fresh('Un portaombrelli all’ingresso'));
  await comment(page, fresh('Anche al piano due'));
  await keep(page, await page.locator('#thread a.dots').getAttribute('href') ?? '');
  await goOffline(page, line);
  const text = fresh('Pure al tre');
  const form = page.locator('#reply');
  await form.getByRole('textbox').fill(text);
  await form.getByRole('button', { name: say('Reply'), exact: true }).click();
  const cancel = page.locator('.pending').filter({ hasText: text }).getByRole('button', { name: say('Cancel') });
  await expect(cancel).toBeVisible();
  await expect(form.getByRole('textbox')).toHaveValue('');
  await cancel.focus();
  await page.evaluate(() => dispatchEvent(new Event('online'))); // it looks again, and finds nothing new
  await ask(page, 'mine');
  await ask(page, 'mine');
  await expect(cancel).toBeFocused();
  await cancel.click();
  await expect(form.getByRole('textbox')).toHaveValue(text);

  // Where there is no field to put it back in, it asks first; and once it was sent, it is gone from the list.
  await form.getByRole('button', { name: say('Reply'), exact: true }).click();
  await expect(cancel).toBeVisible();
  await page.goto(`/boards/${board}/new`);
  const waits = page.locator('#unsent');
  await waits.getByRole('button', { name: say('Cancel') }).click();
  await expect(waits).toContainText(say('What you wrote is then gone for good.'));
  await expect(waits).toContainText(text);
  await page.goto(`/boards/${board}/new`);
  await expect(waits).toContainText(text);
  await comeBack(page, line);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(waits).toBeHidden();
  await page.goto(path);
  await expect(page.locator('#thread').getByText(text)).toBeVisible();
});

test('what a moderator could not send comes back in the form for comments', async ({ as, at, line }) => {
  const [page, other] = await Promise.all([at(paolo), as(caretaker)]);
  const path = await keptIdea(page, fresh('Chiusa a metà frase'));
  const text = fresh('Non è la risposta ufficiale');
  await goOffline(page, line);
  await page.locator('#comment').getByRole('textbox').fill(text);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('.pending')).toContainText(text);
  await press(other, path, 'lock');
  await comeBack(page, line);
  await page.goto('/');
  await expect.poll(async () => (await ask<{ refused?: boolean }[]>(page, 'mine')).map((row) => row.refused)).toEqual([true]);
  await press(other, path, 'unlock');
  await page.goto(path);
  await page.getByRole('button', { name: say('Put it back in the form') }).click();
  await expect(page.locator('#comment').getByRole('textbox')).toHaveValue(text);
  await expect(page.locator('#answer-body')).toHaveValue('');
});

test('a redirect that is not ours is no word that something was taken', async ({ as, at, line, baseURL }) => {
  const [page, other] = await Promise.all([at(marta), as(paolo)]);
  const path = await keptIdea(page, fresh('Dietro un altro accesso'));
  const text = fresh('Deve arrivare');
  await goOffline(page, line);
  await page.locator('#comment').getByRole('textbox').fill(text);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('.pending')).toContainText(text);
  let asked = 0;
  await page.context().route('**/comments', async (route) => {
    await route.fulfill({ status: 302, headers: { Location: `${baseURL}/altrove` } });
    asked++;
  });
  await comeBack(page, line);
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('online')));
    expect(asked).toBeGreaterThan(1);
  }).toPass();
  expect(await ask<unknown[]>(page, 'mine')).toHaveLength(1);
  await page.context().unroute('**/comments');
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('online')));
    expect(await ask<unknown[]>(page, 'mine')).toEqual([]);
  }).toPass();
  expect(await said(other, path, text)).toBe(1);
});

test('signing out erases what was kept, and nobody else reads or sends it', async ({ at, line, somebody }) => {
  const page = await at(somebody);
  const title = fresh('Solo per i miei occhi');
  const path = await keptIdea(page, title);
  await page.getByLabel(say('Your menu')).click();
  await page.getByRole('button', { name: say('Sign out') }).click();
  await expect(page).toHaveURL('/signin');
  await page.goBack();
  await expect(page).toHaveURL(/\/signin/);
  await goOffline(page, line);
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: say('You are offline') })).toBeVisible();
  await expect(page.locator('#kept-none')).toBeVisible();
  await page.goBack();
  await expect(page.getByText(title)).toHaveCount(0);
});

test('when the session ends, copies go and what waits stays for the same person', async ({ as, at, line, somebody }) => {
  const [page, other] = await Promise.all([at(somebody), as(paolo)]);
  const title = fresh('Il turno di notte');
  const path = await keptIdea(page, title);
  const text = fresh('Scritto senza rete');
  await goOffline(page, line);
  await page.locator('#comment').getByRole('textbox').fill(text);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('.pending')).toContainText(text);
  await page.context().clearCookies();
  await comeBack(page, line);
  await page.goto(path);
  await expect(page).toHaveURL(/signin/);
  await signIn(page, marta); // somebody else at the same browser
  await keep(page, '/');
  expect(await ask<unknown[]>(page, 'mine')).toEqual([]);
  await page.goto(path);
  await expect(page.locator('.pending')).toHaveCount(0);
  await page.context().clearCookies();
  await signIn(page, somebody);
  await expect.poll(() => ask<unknown[]>(page, 'mine')).toEqual([]);
  await expect.poll(() => said(other, path, text)).toBe(1);
  await other.goto(path);
  await expect(other.locator('#thread').getByRole('listitem').filter({ hasText: text })).toContainText(somebody.name);
});

test('whoever signs out while something waits is asked first', async ({ at, line, somebody, complaints }) => {
  complaints.expect(/50[0-9]/);
  const page = await at(somebody);
  const path = await keptIdea(page, fresh('Prima di andare'));
  await goOffline(page, line);
  const text = fresh('Quasi partito');
  await page.locator('#comment').getByRole('textbox').fill(text);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('.pending')).toContainText(text);
  line.busy(/^POST \/ideas\/\d+\/comments /);
  await comeBack(page, line);
  await page.goto(path);
  await page.getByLabel(say('Your menu')).click();
  await page.getByRole('button', { name: say('Sign out'), exact: true }).click();
  await page.getByRole('button', { name: say('Sign out and erase it') }).click();
  await expect(page).toHaveURL('/signin');
  line.busy();
  await signIn(page, somebody);
  expect(await ask<unknown[]>(page, 'mine')).toEqual([]);
});

test('a shared device keeps nothing', async ({ browser, baseURL, somebody }) => {
  const context = await browser.newContext({ baseURL, locale: 'it-IT' });
  const page = await context.newPage();
  await page.goto('/signin');
  await page.getByLabel(say('E-mail')).fill(somebody.email);
  await page.getByLabel(say('Password'), { exact: true }).fill(somebody.password);
  await page.getByLabel(say('This is a shared device')).check();
  await page.getByRole('button', { name: say('Sign in'), exact: true }).click();
  await expect(page).toHaveURL('/');
  const [cookie] = await context.cookies();
  expect(cookie.expires).toBe(-1);
  await postIdea(page, fresh('Dal chiosco in reparto'));
  const box = page.locator('#comment').getByRole('textbox');
  await box.fill('Una bozza');
  expect(await page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length, bases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length, drafts: Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length,
  }))).toEqual({ workers: 0, bases: 0, caches: 0, drafts: 0 });
  await context.setOffline(true);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('#comment').getByRole('alert')).toHaveText(say('You are offline. What you read stays here; nothing can be sent until you are back.'));
  await expect(box).toHaveValue('Una bozza');
  await context.close();
});

test('a page that is no more, or no more for the reader, loses its copy', async ({ as, at, line }) => {
  const [page, moderator] = await Promise.all([at(marta), as(paolo)]);
  const title = fresh('Di breve durata');
  const path = await keptIdea(page, title);
  await page.goto('/mine');
  await press(moderator, path, 'delete');
  await page.goto(path);
  await expect(page).toHaveURL(/\/decisions\/\d+$/); // whoever wrote it reads why
  await expect.poll(async () => (await ask<{ path: string }[]>(page, 'readable')).map((row) => row.path)).not.toContain(path);
  await goOffline(page, line);
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: say('You are offline') })).toBeVisible();
});

test('who is taken off a private board has no copy of it after the next page', async ({ as, at, line, somebody }) => {
  const [page, moderator] = await Promise.all([at(somebody), as(caretaker)]);
  await looksAfter(page);
  const slug = await addBoard(moderator, 'Cose riservate', false);
  await postIdea(moderator, fresh('Riservata'), 'Tra di noi.', 'it', slug);
  const path = new URL(moderator.url()).pathname;
  await moderator.goto(`/boards/${slug}/members?q=${encodeURIComponent(somebody.name)}`);
  await moderator.getByRole('button', { name: say('Add %s', somebody.name) }).click();
  await expect(moderator.getByRole('button', { name: say('Remove %s', somebody.name) })).toBeVisible();
  await keep(page, `/boards/${slug}`);
  await keep(page, path);
  await page.goto('about:blank'); // an open page would leave by itself

  await moderator.getByRole('button', { name: say('Remove %s', somebody.name) }).click();
  await expect(moderator.getByRole('button', { name: say('Remove %s', somebody.name) })).toHaveCount(0);
  await page.goto('/boards'); // not the board's own page
  await expect.poll(async () => (await ask<{ path: string }[]>(page, 'readable')).map((row) => row.path)).toEqual(['/boards']);
  await goOffline(page, line);
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: say('You are offline') })).toBeVisible();
});
