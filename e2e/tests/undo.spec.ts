import { aneta, marta, paolo } from '../people.ts';
import { comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

async function remove(page: Page, text: string) {
  const said = page.locator('#thread').getByRole('listitem').filter({ hasText: text });
  await page.goto(await said.locator('a.dots').getAttribute('href') ?? '');
  await page.getByText(say('Delete…')).click();
  await page.getByRole('button', { name: say('Delete for good') }).click();
}

test('a deleted comment comes back with its replies, on every open page', async ({ as }) => {
  const [page, other] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(page, fresh('Una pianta per piano'));
  const text = fresh('Ci vuole la luce');
  await comment(page, text);
  await other.goto(new URL(page.url()).pathname);
  await expect(other.locator('#thread').getByText(text)).toBeVisible();
  await remove(page, text);
  await expect(other.locator('#thread').getByText(text)).toHaveCount(0);
  await expect(page.getByText(text)).toHaveCount(0);
  await expect(page.locator('.undo .left')).toHaveText(/\d/);
  await page.locator('.undo').getByRole('button').click();
  await expect(page.locator('#thread').getByText(text)).toBeVisible();
  await expect(other.locator('#thread').getByText(text)).toBeVisible();
  await expect(page.locator('.undo').getByRole('button')).toHaveCount(0);
});

test('the way back counts down and goes; reading the page again brings it no more', async ({ as }) => {
  const page = await as(marta);
  await page.clock.install();
  await postIdea(page, fresh('Una tenda'));
  const text = fresh('Blu');
  await comment(page, text);
  await remove(page, text);
  const undo = page.locator('.undo').getByRole('button');
  await expect(undo).toBeVisible();
  expect(new URL(page.url()).searchParams.get('deleted')).toBeNull();
  await page.clock.fastForward(11_000);
  await expect(undo).toHaveCount(0);
  await page.reload();
  await expect(undo).toHaveCount(0);
});

test('an idea that a moderator takes away goes from every open page; what is half typed stays', async ({ as }) => {
  const [page, other, moderator] = await Promise.all([as(marta), as(aneta, { locale: 'en-GB' }), as(paolo)]);
  const [title, body, text] = [fresh('Una voce'), fresh('Si dice'), fresh('Anche io')];
  await postIdea(page, title, body);
  await comment(page, text);
  const path = new URL(page.url()).pathname;
  await page.locator('#comment').getByRole('textbox').fill('Quasi pronto');
  await Promise.all([other.goto(path), moderator.goto(path)]);
  await moderator.getByText('⋯').first().click();
  await moderator.getByText(say('Delete…'), { exact: true }).first().click();
  await moderator.locator(`form[action="${path}/delete"]`).getByLabel(say('Reason')).selectOption({ index: 1 });
  await moderator.locator(`form[action="${path}/delete"]`).getByRole('button').click();
  for (const [reader, says] of [[page, say], [other, words('en')]] as const) {
    await expect(reader.getByRole('main').getByRole('alert')).toHaveText(says('This idea is no longer here.'));
    await expect(reader).toHaveTitle(new RegExp(says('This idea is no longer here.')));
    for (const gone of [title, body, text]) await expect(reader.getByText(gone)).toHaveCount(0);
  }
  await expect(page.locator('#comment').getByRole('textbox')).toHaveValue('Quasi pronto');
  await expect(page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true })).toHaveCount(0);
  await expect(other.getByRole('main').getByRole('textbox')).toHaveCount(0);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a comment and an idea are deleted and taken back', async ({ as }) => {
    const page = await as(marta);
    const title = fresh('Un armadio');
    await postIdea(page, title);
    const text = fresh('Grande');
    await comment(page, text);
    await remove(page, text);
    await expect(page.locator('.tombstone')).toBeVisible();
    await page.locator('.undo').getByRole('button').click();
    await expect(page.locator('#thread').getByText(text)).toBeVisible();

    await page.getByLabel(say('What you can do with this idea')).click();
    await page.locator('article').getByText(say('Delete…')).click();
    await page.getByRole('button', { name: say('Delete for good') }).click();
    await expect(page.getByRole('status').filter({ hasText: say('Idea deleted') })).toBeVisible();
    await expect(page.getByRole('link', { name: title })).toHaveCount(0);
    await page.locator('.undo').getByRole('button').click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.locator('#thread').getByText(text)).toBeVisible();
  });
});

test('another word of the page does not take the way back away', async ({ as }) => {
  const [page, moderator] = await Promise.all([as(marta), as(paolo)]);
  await page.clock.install(); // ten seconds are as long as the test
  await postIdea(page, fresh('Due cose insieme'));
  await moderator.goto(new URL(page.url()).pathname);
  const text = fresh('Da togliere');
  await comment(page, text);
  await remove(page, text);
  const undo = page.locator('.undo').getByRole('button');
  await expect(undo).toBeVisible();
  await page.locator('#comment').getByRole('textbox').fill('A metà');
  await moderator.locator('form[action$="/delete"]').first().evaluate((form: HTMLFormElement) => { form.querySelector('select')!.value = 'off_topic'; form.requestSubmit(); });
  await moderator.locator('.undo').getByRole('button').click();
  const bar = page.locator('.bar:not(.undo)');
  await expect(bar).toBeVisible();
  await expect(undo).toBeVisible();
  const [over, under] = [await bar.boundingBox(), await page.locator('.undo').boundingBox()];
  expect(over!.y + over!.height).toBeLessThanOrEqual(under!.y);
});
