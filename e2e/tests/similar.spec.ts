import { marta } from '../people.ts';
import { board, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('similar ideas stand under a title while it is typed, and beside an idea', async ({ as }) => {
  const page = await as(marta);
  const [one, two] = [fresh('Altalena').replace(/ /g, ''), fresh('Terrazza').replace(/ /g, '')];
  const first = `${one} sulla ${two}`;
  await postIdea(page, first, `La ${two} è vuota e ${one} costa poco: silenzio.`);
  const near = page.locator('.similar');
  const title = page.getByLabel(say('Your idea in one sentence'));
  await page.goto(`/boards/${board}/new`);
  await expect(near).toBeHidden();
  await expect(async () => { // until the index has come along
    await title.fill('');
    await title.pressSequentially(`Una ${two} con ${one}`);
    await expect(near.getByRole('link', { name: first })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(near).toContainText(say('stage|New'));
  await page.getByLabel(say('What is the problem, and what do you propose?')).fill('mezzo scritto');
  const [opened] = await Promise.all([page.waitForEvent('popup'), near.getByRole('link', { name: first }).click()]);
  await expect(opened.getByRole('heading', { level: 1, name: first })).toBeVisible();
  await expect(page.getByLabel(say('What is the problem, and what do you propose?'))).toHaveValue('mezzo scritto');
  await page.getByRole('button', { name: say('Post the idea') }).click();

  await expect(page.getByRole('heading', { level: 1, name: `Una ${two} con ${one}` })).toBeVisible();
  await opened.reload();
  const aside = opened.getByRole('complementary');
  await expect(async () => {
    await opened.reload();
    await expect(aside.getByRole('link', { name: `Una ${two} con ${one}` })).toBeVisible({ timeout: 1000 });
  }).toPass();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('similar ideas come with a form that comes back, and on a page of their own', async ({ as }) => {
    const page = await as(marta);
    const [one, two] = [fresh('Fontana').replace(/ /g, ''), fresh('Ghiaccio').replace(/ /g, '')];
    await postIdea(page, `${one} con ${two}`, `${one} ${two} silenzio`);
    const path = new URL(page.url()).pathname;
    await expect(async () => {
      await page.goto(`/boards/${board}/new`);
      await page.getByLabel(say('Your idea in one sentence')).fill(`${two} nella ${one}`);
      await page.getByRole('button', { name: say('Preview') }).click();
      await expect(page.locator('.similar').getByRole('link', { name: `${one} con ${two}` })).toBeVisible({ timeout: 1000 });
    }).toPass();
    await page.goto(path);
    await page.getByRole('complementary').getByRole('link', { name: say('Similar ideas') }).click();
    await expect(page.getByRole('heading', { level: 1, name: say('Similar ideas') })).toBeVisible();
  });
});
