import { caretaker, marta } from '../people.ts';
import { addBoard, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const due = /risposta entro/;

test('who owns a board is asked for an answer, and only theirs stops the clock, on pages that are open', async ({ as, somebody }) => {
  const [keeper, author, owner] = await Promise.all([as(caretaker), as(marta), as(somebody)]);
  const board = await addBoard(keeper, 'Reception');
  await keeper.goto(`/boards/${board}/edit`);
  await keeper.locator('#owners').getByRole('searchbox').fill(somebody.name);
  await keeper.locator('#owners').getByRole('button', { name: say('Find') }).click();
  await keeper.getByRole('button', { name: say('Add %s', somebody.name) }).click();
  await expect(keeper.locator('#owners li .author')).toHaveText(somebody.name);

  const title = fresh('Un campanello che si senta');
  await postIdea(author, title, undefined, 'it', board);
  const path = new URL(author.url()).pathname;
  const clock = author.locator('.idea .due');
  await expect(clock).toHaveText(due);
  await author.goto(`/boards/${board}`);
  await expect(author.locator('#ideas .due')).toHaveText(due);
  await author.goto(path);

  await owner.goto('/');
  await expect(owner.getByRole('heading', { name: say('Waiting for your answer') })).toBeVisible();
  await expect(owner.locator('main .due').first()).toHaveText(due);
  await owner.getByRole('link', { name: title }).first().click();

  for (const [who, stops] of [[keeper, false], [owner, true]] as const) {
    await who.goto(path);
    await who.locator('#answer > summary').click();
    await who.locator('#answer').getByRole('textbox').first().fill('Si sentirà da maggio.');
    await who.locator('#answer').getByRole('button', { name: say('Publish the answer') }).click();
    await expect(author.locator('#answers')).toContainText(who === keeper ? 'Ines Sartori' : somebody.name);
    await expect(clock).toHaveCount(stops ? 0 : 1); // live: this page was not read again
  }
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the working hours of a board are a form that says what is wrong', async ({ as }) => {
    const page = await as(caretaker);
    const board = await addBoard(page, 'Portineria');
    await page.goto(`/boards/${board}/edit`);
    const form = page.locator('#clock');
    await form.getByLabel(say('An answer comes within')).fill('8');
    await form.getByLabel(say('Counted in')).selectOption('hours');
    await form.getByLabel(say('Saturday')).fill('mattina');
    await form.getByLabel(say('Further days off')).fill('7/12');
    await form.getByRole('button', { name: say('Save the clock') }).click();
    await expect(form.getByLabel(say('Saturday'))).toHaveValue('mattina');
    await expect(form.getByLabel(say('Saturday'))).toHaveAttribute('aria-invalid', 'true');
    await form.getByLabel(say('Saturday')).fill('9-12.30');
    await form.getByRole('button', { name: say('Save the clock') }).click();
    await expect(page.getByText(say('The change was saved.'))).toBeVisible();
    await expect(form.getByLabel(say('Saturday'))).toHaveValue('09:00-12:30');
    await expect(form.getByLabel(say('Further days off'))).toHaveValue('7/12');
    await page.goto(`/boards/${board}`);
    await expect(page.getByText('risponde entro 8 ore lavorative')).toBeVisible();
  });
});
