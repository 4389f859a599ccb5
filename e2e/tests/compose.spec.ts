import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

const body = (page: Page) => page.getByLabel(say('What is the problem, and what do you propose?'));
const tool = (page: Page, name: string) => page.getByRole('button', { name: say(name), exact: true });
const choose = (page: Page, start: number, end: number) =>
  body(page).evaluate((field: HTMLTextAreaElement, [from, to]) => field.setSelectionRange(from, to), [start, end] as const);

test('tools and keys put Markdown around what is chosen, and take it away', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).fill('una sedia nuova');
  await choose(page, 4, 9);
  await tool(page, 'Bold').click();
  await expect(body(page)).toHaveValue('una **sedia** nuova');
  await expect(body(page)).toBeFocused();
  await page.keyboard.press('Control+i');
  await expect(body(page)).toHaveValue('una **_sedia_** nuova');
  await page.keyboard.press('Control+i');
  await page.keyboard.press('Control+b');
  await expect(body(page)).toHaveValue('una sedia nuova');
  await page.keyboard.press('Control+z'); // the browser's own history knows of every step
  await expect(body(page)).toHaveValue('una **sedia** nuova');

  await body(page).fill('sedie');
  await choose(page, 0, 5);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('https://sedie.example');
  await expect(body(page)).toHaveValue('[sedie](https://sedie.example)');

  await body(page).fill('uno\ndue');
  await choose(page, 0, 7);
  await tool(page, 'List').click();
  await expect(body(page)).toHaveValue('- uno\n- due');
  await tool(page, 'List').click();
  await tool(page, 'Quote').click();
  await expect(body(page)).toHaveValue('> uno\n> due');
  await choose(page, 0, 11);
  await tool(page, 'Code').click();
  await expect(body(page)).toHaveValue('```\n> uno\n> due\n```');
});

test('the tools are one stop of the Tab key; arrows lead through them', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await page.getByLabel(say('Your idea in one sentence')).focus();
  await page.keyboard.press('Tab');
  await expect(tool(page, 'Bold')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(tool(page, 'Italic')).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByLabel(say('Attach images or files')).last()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(tool(page, 'Italic')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(body(page)).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(tool(page, 'Italic')).toBeFocused(); // where one was
  await page.keyboard.press('Enter');
  await expect(body(page)).toHaveValue(/^_.+_$/);
});

test('Enter goes on with a list, and ends it on an empty item', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).click();
  await page.keyboard.type('- pane\nolio\n\n\n9. nove\ndieci\n\n\n> detto\nancora\n\n\n- [x] fatto\nda fare\n\n\nfine');
  await expect(body(page)).toHaveValue('- pane\n- olio\n\n9. nove\n10. dieci\n\n> detto\n> ancora\n\n- [x] fatto\n- [ ] da fare\n\nfine');
});

test('the preview is what is posted, and takes nothing away', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un tavolo rotondo'));
  const form = page.locator('#comment');
  const text = '**Grasso**\n\n- uno\n- due';
  await form.getByRole('textbox').fill(text);
  await form.getByRole('button', { name: say('Preview') }).click();
  const preview = form.getByRole('region', { name: say('Preview') });
  await expect(preview).toBeFocused();
  await expect(preview.locator('strong')).toHaveText('Grasso');
  await expect(preview.getByRole('listitem')).toHaveText(['uno', 'due']);
  await expect(form.getByRole('textbox')).toBeHidden();
  const shown = await preview.locator('.text').innerHTML();
  await form.getByRole('button', { name: say('Go on writing') }).click();
  await expect(form.getByRole('textbox')).toBeFocused();
  await expect(form.getByRole('textbox')).toHaveValue(text);
  await page.keyboard.press('Control+Enter');
  const said = page.locator('#thread .text').filter({ hasText: 'Grasso' });
  await expect(said).toBeVisible();
  expect((await said.innerHTML()).trim()).toBe(shown.trim());
  await expect(page.locator('#thread .comment')).toHaveCount(1); // nothing is posted twice
});

test('what is wrong with a text is said in its preview', async ({ as, complaints }) => {
  complaints.expect(/status of 422/); // the browser notes every answer that says no
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).fill('> '.repeat(30) + 'in fondo');
  await page.getByRole('button', { name: say('Preview') }).click();
  await expect(page.locator('.preview .fault')).toBeVisible();
  await page.getByRole('button', { name: say('Go on writing') }).click();
  await expect(body(page)).toHaveValue(/in fondo$/);
});

test('a preview that cannot be made says so to everybody', async ({ as, complaints }) => {
  complaints.expect(/net::ERR_/);
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).fill('Un testo');
  await page.route('**/preview', (route) => route.abort());
  await page.getByRole('button', { name: say('Preview') }).click();
  await expect(page.getByRole('alert').filter({ hasText: say('There is no preview just now.') })).toBeInViewport();
  await page.unroute('**/preview');
  await page.getByRole('button', { name: say('Preview') }).click();
  await expect(page.locator('.preview')).toContainText('Un testo');
  await expect(page.getByText(say('There is no preview just now.'))).toHaveCount(0);
});

test('replies, edits and answers have the same tools', async ({ as }) => {
  const [page, moderator] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(page, fresh('Una lavagna in più'));
  await comment(page, 'La prima.');
  await page.locator('#thread').getByRole('link', { name: say('Reply') }).click();
  const reply = page.locator('#thread form');
  await reply.getByRole('textbox').fill('parola');
  await reply.getByRole('textbox').press('Control+a');
  await reply.getByRole('button', { name: say('Bold') }).click();
  await expect(reply.getByRole('textbox')).toHaveValue('**parola**');
  await reply.getByRole('button', { name: say('Preview') }).click();
  await expect(reply.locator('.preview strong')).toHaveText('parola');
  await reply.getByRole('button', { name: say('Reply'), exact: true }).click();
  await expect(page.locator('#thread strong')).toHaveText('parola');

  await moderator.goto(new URL(page.url()).pathname);
  await moderator.getByText(say('Answer officially')).click();
  const answer = moderator.locator('#answer');
  await answer.getByRole('textbox').fill('sì');
  await answer.getByRole('textbox').press('Control+a');
  await answer.getByRole('textbox').press('Control+i');
  await expect(answer.getByRole('textbox')).toHaveValue('_sì_');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the preview comes with the page, and everything typed stays', async ({ as }) => {
    const page = await as(marta);
    await page.goto(`/boards/${board}/new`);
    await expect(page.getByRole('toolbar')).toBeHidden();
    const title = fresh('Un forno nella cucina');
    await page.getByLabel(say('Your idea in one sentence')).fill(title);
    await body(page).fill('Il **pane** delle prove.');
    await page.getByLabel(say('Tags')).fill('pane');
    await page.getByRole('button', { name: say('Preview') }).click();
    const preview = page.getByRole('region', { name: say('Preview') });
    await expect(preview.locator('strong')).toHaveText('pane');
    await expect(preview).toContainText(title);
    await expect(page.getByLabel(say('Your idea in one sentence'))).toHaveValue(title);
    await expect(page.getByLabel(say('Tags'))).toHaveValue('pane');
    await page.getByRole('button', { name: say('Post the idea') }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

    const form = page.locator('#comment');
    await form.getByRole('textbox').fill('Con _calma_.');
    await form.getByRole('button', { name: say('Preview') }).click();
    await expect(page.locator('#preview em')).toHaveText('calma');
    await expect(page.locator('#preview')).toBeInViewport();
    await expect(form.getByRole('textbox')).toHaveValue('Con _calma_.');
    await form.getByRole('button', { name: say('Comment'), exact: true }).click();
    await expect(page.locator('#thread em')).toHaveText('calma');
  });
});
