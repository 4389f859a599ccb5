import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test } from '../test.ts';
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
  await expect(typing.locator('#thread').getByText(seen)).toBeVisible();
  await expect(box).toBeFocused();
  await typing.keyboard.type('!');
  await expect(box).toHaveValue('Sto ancora scr!iv');

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
