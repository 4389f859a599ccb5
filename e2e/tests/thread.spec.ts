import { aneta, marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test } from '../test.ts';
import { counted, longThread, pathOf, say as comment } from '../threads.ts';
import { words } from '../words.ts';

const say = words('it');

test('a long branch begins folded, says how much is in it, and opens without a script', async ({ as }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Armadietti nuovi'));
  const idea = pathOf(author);
  const ids = await longThread(author, idea);
  const page = await as(paolo, { javaScriptEnabled: false });
  await page.goto(idea);
  const branch = page.locator(`#c${ids[0]} > .branch`);
  await expect(branch.locator('summary').first()).toContainText(counted('%d reply', 12));
  await expect(page.locator(`#c${ids[1]}`)).toBeHidden();
  await branch.locator('summary').first().click();
  await expect(page.locator(`#c${ids[1]}`)).toBeVisible();
  await page.getByRole('link', { name: say('Write a comment') }).click();
  await expect(page.locator('#comment').getByRole('textbox')).toBeInViewport();
});

test('the list to jump by leads to people and dates, in place or on a page of its own', async ({ as }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Cassette per gli attrezzi'));
  const idea = pathOf(author);
  const ids = await longThread(author, idea);
  const other = await as(paolo);
  const last = await comment(other, idea, fresh('Ci sto'));

  await author.goto(idea);
  await author.getByText(say('Jump to…')).click();
  const list = author.locator('#outline');
  await expect(list.getByRole('heading', { name: say('By author') })).toBeVisible();
  const sections = list.locator('section').filter({ has: author.getByRole('heading', { name: say('By author') }) });
  await expect(sections.getByRole('link')).toHaveText([marta, paolo]);
  await sections.getByRole('link', { name: paolo }).click();
  await expect(author.locator(`#c${last}`)).toBeInViewport();
  await expect(list).toBeHidden();

  const plain = await as(aneta, { javaScriptEnabled: false });
  await plain.goto(idea);
  await plain.locator('.jump > summary').click();
  await plain.locator('.jump a').click();
  await expect(plain).toHaveURL(new RegExp(`${idea}/outline$`));
  await plain.getByRole('link', { name: marta, exact: true }).click();
  await expect(plain.locator(`#c${ids[0]}`)).toBeInViewport();
});

test('a piece further on names what it goes on with, and leads back; the order is kept', async ({ as }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Timbrature'));
  const idea = pathOf(author);
  const ids = await longThread(author, idea, 70, 60);
  const page = await as(paolo, { javaScriptEnabled: false });
  await page.goto(`${idea}?sort=oldest`);
  await page.getByRole('link', { name: say('More comments') }).click();
  await expect(page.locator(`#c${ids.at(-1)}`)).toBeAttached();
  await expect(page.getByRole('navigation', { name: say('Order of the comments') }).locator('[aria-current]')).toHaveText(say('comments|Oldest'));
  await page.getByRole('link', { name: say('Previous comments') }).click();
  await expect(page.locator(`#c${ids[99]}`)).toBeAttached();
  await page.locator('#comment').getByRole('textbox').fill('Resto qui.');
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page).toHaveURL(/sort=oldest#c\d+$/);
  await expect(page.getByText('Resto qui.')).toBeInViewport();
});
