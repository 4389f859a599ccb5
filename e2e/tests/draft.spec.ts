import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, signIn, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('what is half written survives a reload, until it is posted', async ({ as }) => {
  const page = await as(marta);
  const title = fresh('Il martedì senza riunioni');
  await page.goto(`/boards/${board}/new`);
  await page.getByLabel(say('Your idea in one sentence')).fill(title);
  await page.getByLabel(say('What is the problem, and what do you propose?')).fill('Oggi ne abbiamo quattro');
  await page.reload();
  await expect(page.getByLabel(say('Your idea in one sentence'))).toHaveValue(title);
  await expect(page.getByLabel(say('What is the problem, and what do you propose?'))).toHaveValue('Oggi ne abbiamo quattro');
  await page.getByRole('button', { name: say('Post the idea') }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

  const box = page.locator('#comment').getByRole('textbox');
  await box.fill('Ci sto, ma');
  await page.reload();
  await expect(box).toHaveValue('Ci sto, ma');
  await comment(page, 'Ci sto, ma dopo le undici.');
  await page.reload();
  await expect(box).toHaveValue('');
  await page.goto(`/boards/${board}/new`);
  await expect(page.getByLabel(say('Your idea in one sentence'))).toHaveValue('');
});

test('a live update never touches what is half typed', async ({ as }) => {
  const [typing, other] = await Promise.all([as(marta), as(paolo)]);
  const title = fresh('Due sedie in più in sala prove');
  await postIdea(typing, title);
  await comment(typing, 'La prima sedia.');
  await other.goto(new URL(typing.url()).pathname);

  const box = typing.locator('#comment').getByRole('textbox');
  await box.click();
  await typing.keyboard.type('Sto ancora scriv');
  await typing.keyboard.press('ArrowLeft');
  await typing.keyboard.press('ArrowLeft');
  const seen = fresh('Aggiungo una cosa');
  await comment(other, seen);
  // It would push the form away: it waits behind a button, in sight.
  const arrived = typing.getByRole('button', { name: say('1 new comment') });
  await expect(arrived).toBeInViewport();
  await expect(box).toBeFocused();
  await typing.keyboard.type('!');
  await expect(box).toHaveValue('Sto ancora scr!iv');
  await arrived.click();
  await expect(typing.locator('#thread').getByText(seen)).toBeVisible();

  // A reply is written inside the thread, right under the comment that is changed meanwhile.
  const reply = typing.locator('#thread').getByRole('textbox', { name: say('Your reply') });
  await typing.locator('#thread').getByRole('listitem').filter({ hasText: seen }).getByRole('link', { name: say('Reply') }).click();
  await reply.click();
  await typing.keyboard.type('Dici che');
  const said = other.locator('#thread').getByRole('listitem').filter({ hasText: seen });
  await other.goto(await said.locator('a.dots').getAttribute('href') ?? '');
  await other.getByText(say('Edit'), { exact: true }).click();
  await other.getByLabel(say('Your comment')).fill(`${seen}, corretta`);
  await other.getByRole('button', { name: say('Save') }).click();
  await expect(other.locator('#thread').getByText(`${seen}, corretta`)).toBeVisible();
  await expect(typing.locator('#thread').getByText(`${seen}, corretta`)).toBeVisible();
  await expect(reply).toBeFocused();
  await expect(reply).toHaveValue('Dici che');
  await expect(box).toHaveValue('Sto ancora scr!iv');
});

const box = (page: Page) => page.locator('#comment').getByRole('textbox');
const send = (page: Page) => page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();

test('signing out other devices leaves the drafts of this one', async ({ as, browser, baseURL, somebody }) => {
  const page = await as(somebody);
  const elsewhere = await browser.newContext({ baseURL, locale: 'it-IT' });
  await signIn(await elsewhere.newPage(), somebody);
  await elsewhere.close();
  await postIdea(page, fresh('Una fontanella in cortile'));
  const path = new URL(page.url()).pathname;
  await box(page).fill('La metterei vicino');
  await page.goto('/account');
  await page.locator('form[action="/account/devices/signout"] button').click();
  await expect(page.locator('form[action="/account/devices/signout"]')).toHaveCount(0);
  await page.goto(path);
  await expect(box(page)).toHaveValue('La metterei vicino');
  await page.getByLabel(say('Your menu')).click();
  await page.getByRole('button', { name: say('Sign out'), exact: true }).click();
  await expect(page).toHaveURL('/signin');
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')))).toEqual([]);
});

test('what one window sends takes nothing from what another is still writing', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Due finestre sul cortile'));
  const other = await page.context().newPage();
  await other.goto(new URL(page.url()).pathname);
  await box(page).fill('Scritto nella prima.');
  await box(other).fill('Nella seconda, a metà');
  await send(page);
  await expect(page.locator('#thread').getByText('Scritto nella prima.')).toBeVisible();
  await other.reload();
  await expect(box(other)).toHaveValue('Nella seconda, a metà');
});

test('on a shared device a draft outlives the end of the session, not signing out', async ({ browser, baseURL, complaints, somebody }) => {
  const context = await browser.newContext({ baseURL, locale: 'it-IT' });
  complaints.listen(context);
  const page = await context.newPage();
  const enter = async () => {
    await page.getByLabel(say('E-mail')).fill(somebody.email);
    await page.getByLabel(say('Password'), { exact: true }).fill(somebody.password);
    await page.getByLabel(say('This is a shared device')).check();
    await page.getByRole('button', { name: say('Sign in'), exact: true }).click();
  };
  await page.goto('/signin');
  await enter();
  await expect(page).toHaveURL('/');
  await postIdea(page, fresh('Dal tablet in reparto'));
  const path = new URL(page.url()).pathname;
  await box(page).fill('Scritto mentre la sessione finiva.');
  await context.clearCookies();
  await send(page);
  await expect(page).toHaveURL(/\/signin/);
  await enter();
  await expect(page).toHaveURL(path);
  await expect(box(page)).toHaveValue('Scritto mentre la sessione finiva.');
  await page.getByLabel(say('Your menu')).click();
  await page.getByRole('button', { name: say('Sign out'), exact: true }).click();
  await expect(page).toHaveURL('/signin');
  expect(await page.evaluate(() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)].filter((key) => key.startsWith('draft:')))).toEqual([]);
  await context.close();
});

test('a page that somebody else had opened sends nothing in the name of who is signed in now', async ({ as, somebody }) => {
  const page = await as(somebody);
  await postIdea(page, fresh('Chi scrive qui?'));
  const path = new URL(page.url()).pathname;
  const text = fresh('Parole di una sola persona');
  await box(page).fill(text);
  const other = await page.context().newPage();
  await other.context().clearCookies();
  await signIn(other, paolo);
  await send(page);
  await expect(page.locator('#comment .fault')).toContainText(paolo);
  await expect(box(page)).toHaveValue(text);
  await other.goto(path);
  await expect(other.locator('#thread').getByText(text)).toHaveCount(0);
  await send(page); // read again, and meant
  await expect(page.locator('#thread').getByRole('listitem').filter({ hasText: text })).toContainText(paolo);
});

test('a draft that comes back over newer words is held against those it began from', async ({ as }) => {
  const page = await as(marta);
  const title = fresh('Il tavolo lungo');
  await postIdea(page, title);
  const path = `${new URL(page.url()).pathname}/edit`;
  const words = page.getByLabel(say('What is the problem, and what do you propose?'));
  await page.goto(path);
  await words.fill('Scritto qui, non ancora salvato.');
  const other = await as(marta); // at another device
  await other.goto(path);
  await other.getByLabel(say('What is the problem, and what do you propose?')).fill('Salvato da un altro dispositivo.');
  await other.getByRole('button', { name: say('Save') }).click();
  await expect(other.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await page.reload();
  await expect(words).toHaveValue('Scritto qui, non ancora salvato.');
  await page.getByRole('button', { name: say('Save') }).click();
  await expect(page.locator('.fault').first()).toContainText(say('Other words were saved here meanwhile, from another window or device. Both stand below: take what you need, and save again.'));
  await page.goto(path);
  await page.getByRole('button', { name: say('Discard it') }).click();
  await expect(words).toHaveValue('Salvato da un altro dispositivo.');
  await words.fill('E adesso tutto insieme.');
  await page.getByRole('button', { name: say('Save') }).click();
  await expect(page.getByText('E adesso tutto insieme.')).toBeVisible();
});

test('a reply that was half written comes back where it was, and takes nobody there', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Risposte a metà'));
  await comment(page, 'La prima.');
  await page.locator('#thread').getByRole('link', { name: say('Reply') }).click();
  const reply = page.locator('#thread').getByRole('textbox', { name: say('Your reply') });
  await reply.fill('Dicevo che');
  await page.goto(new URL(page.url()).pathname);
  await expect(reply).toHaveValue('Dicevo che');
  await expect(reply).not.toBeFocused();
  await page.locator('#thread').getByRole('button', { name: say('Cancel') }).click();
  await page.reload();
  await expect(page.locator('#thread').getByText('La prima.')).toBeVisible();
  await expect(reply).toHaveCount(0);
});
