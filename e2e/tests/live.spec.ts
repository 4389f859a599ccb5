import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('two windows see each other’s idea, comment and vote without a reload', async ({ as }) => {
  const [one, other] = await Promise.all([as(marta), as(paolo)]);
  const title = fresh('Un carrello in più al magazzino');
  await one.goto(`/boards/${board}?sort=new`);
  await stays(one);

  await postIdea(other, title);
  const row = one.getByRole('listitem').filter({ has: one.getByRole('link', { name: title }) });
  await expect(row).toBeVisible();
  await stayed(one);

  await row.getByRole('link', { name: title }).click();
  await expect(one.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await stays(one);
  await stays(other);

  const remark = fresh('Lo userebbe anche il secondo turno');
  await comment(one, remark);
  await expect(other.locator('#thread').getByText(remark)).toBeVisible();
  await stayed(other);

  const reply = fresh('Allora servono due ruote nuove');
  await other.locator('#thread').getByRole('listitem').filter({ hasText: remark }).getByRole('link', { name: say('Reply') }).click();
  await other.locator('#thread').getByRole('textbox', { name: say('Your reply') }).fill(reply);
  await other.locator('#thread').getByRole('button', { name: say('Reply') }).click();
  await expect(one.locator('#thread').getByRole('listitem').filter({ hasText: remark }).getByText(reply)).toBeVisible();

  const vote = { name: say('Vote for this idea') };
  await one.getByRole('button', vote).click();
  await expect(one.getByRole('button', vote)).toHaveAttribute('aria-pressed', 'true');
  await expect(other.locator('[id^=votes-]').first()).toContainText(/^\s*1\b/);
  await expect(other.getByRole('button', vote)).toHaveAttribute('aria-pressed', 'false');
  await one.getByRole('button', vote).click();
  await expect(other.locator('[id^=votes-]').first()).toContainText(/^\s*0\b/);
});

test('an open page shows the stage and the answer a moderator gives', async ({ as }) => {
  const [one, moderator] = await Promise.all([as(marta), as(paolo)]);
  const title = fresh('Lampade più chiare al banco tre');
  await postIdea(one, title);
  await stays(one);
  await moderator.goto(new URL(one.url()).pathname);

  await moderator.getByText(say('Move to another stage')).first().click();
  await moderator.locator('#move').getByLabel(say('Stage'), { exact: true }).selectOption({ label: say('stage|In review') });
  await moderator.getByRole('button', { name: say('Move'), exact: true }).click();
  await expect(one.locator('.stage').first()).toContainText(say('stage|In review'));

  const decided = fresh('Le montiamo entro il mese');
  await moderator.getByText(say('Answer officially')).click();
  await moderator.locator('#answer').getByRole('textbox').fill(decided);
  await moderator.getByRole('button', { name: say('Publish the answer') }).click();
  await expect(one.locator('#answers').getByText(decided)).toBeVisible();
  await stayed(one);
});

/** Marks the page, so that a reload would be noticed. */
async function stays(page: Page) { await page.evaluate(() => { document.documentElement.dataset.marked = 'yes'; }); }
async function stayed(page: Page) { await expect(page.locator('html')).toHaveAttribute('data-marked', 'yes'); }

test('a vote given in another window is counted once, and seen to be pressed', async ({ as }) => {
  const [one, two] = await Promise.all([as(marta), as(marta)]);
  await postIdea(one, fresh('Una mensola per i caschi'));
  await two.goto(new URL(one.url()).pathname);
  const vote = { name: say('Vote for this idea') };
  await one.getByRole('button', vote).click();
  const count = two.locator('form.vote .count b');
  await expect(count).toHaveText('1');

  const answered = two.waitForResponse(/\/vote$/);
  await two.getByRole('button', vote).click();
  await answered;
  await expect(two.getByRole('button', vote)).toHaveAttribute('aria-pressed', 'true');
  await expect(count).toHaveText('1');
  await two.emulateMedia({ forcedColors: 'active' }); // without colours of ours, pressed still looks pressed
  await expect(two.getByRole('button', vote)).toHaveCSS('outline-style', 'solid');
  await two.getByRole('main').focus();
  await expect(one.getByRole('button', vote)).toHaveAttribute('aria-pressed', 'true');
  await two.getByRole('button', vote).click();
  await expect(count).toHaveText('0');
});
