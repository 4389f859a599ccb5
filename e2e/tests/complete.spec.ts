import { marta } from '../people.ts';
import { board, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

const body = (page: Page) => page.getByLabel(say('What is the problem, and what do you propose?'));
const offered = (page: Page) => page.getByRole('option');

test('@ offers people while one types; arrows and Enter choose', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).click();
  await page.keyboard.type('Ne so poco, chiedo a @paolo');
  const paolo = offered(page).filter({ hasText: '@paolo.conti' });
  await expect(paolo).toBeVisible();
  await expect(offered(page).first()).toHaveAttribute('aria-selected', 'true');
  const list = page.getByRole('listbox', { name: say('People') });
  await expect(body(page)).toHaveAttribute('aria-controls', await list.getAttribute('id') ?? '');
  await expect(body(page)).toHaveAttribute('aria-activedescendant', await offered(page).first().getAttribute('id') ?? '');
  await page.keyboard.press('Enter');
  await expect(body(page)).toHaveValue('Ne so poco, chiedo a @paolo.conti ');
  await expect(list).toBeHidden();
  await page.keyboard.type('e a @d');
  await expect(offered(page).nth(1)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  const second = await offered(page).nth(1).getAttribute('data-insert');
  await page.keyboard.press('Tab');
  await expect(body(page)).toHaveValue(`Ne so poco, chiedo a @paolo.conti e a ${second} `);
  await page.keyboard.type('@pao');
  await expect(offered(page).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(offered(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(body(page)).toHaveValue(/@pao\n$/);
  await page.keyboard.type('scrivimi a nome@example');
  await expect(offered(page)).toHaveCount(0);
});

test('# offers ideas by the words of their title, and by number', async ({ as }) => {
  const page = await as(marta);
  const word = fresh('Zerbino').replace(/ /g, '');
  await postIdea(page, `${word} davanti alla mensa`);
  const number = new URL(page.url()).pathname.split('/').pop() ?? '';
  await page.goto(`/boards/${board}/new`);
  // The index follows what is posted: the words are typed until it has come along.
  await expect(async () => {
    await body(page).fill('');
    await body(page).pressSequentially(`Come #${word.slice(0, -1)}`);
    await expect(offered(page).filter({ hasText: word })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await offered(page).filter({ hasText: word }).click();
  await expect(body(page)).toHaveValue(`Come #${number} `);
  await expect(body(page)).toBeFocused();
  await page.keyboard.type(`e #${number}`);
  await expect(offered(page).first()).toContainText(word);
});

test('what stands after the mark stays, wherever one goes on writing', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  const caret = (at: number) => body(page).evaluate((field: HTMLTextAreaElement, at) => field.setSelectionRange(at, at), at);
  await body(page).fill('Chiedo a \n\nSecondo capoverso.\n\nTerzo.');
  await body(page).focus();
  await caret(9);
  await page.keyboard.type('@paolo');
  await expect(offered(page).filter({ hasText: '@paolo.conti' })).toBeVisible();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Quarto.');
  await expect(body(page)).toHaveValue('Chiedo a @paolo\n\nSecondo capoverso.\n\nTerzo.\nQuarto.');
  await expect(offered(page)).toHaveCount(0);

  // An answer that comes when one is elsewhere offers nothing.
  let go = () => {};
  const gate = new Promise<void>((resolve) => { go = resolve; });
  await page.route('**/complete?**', async (route) => { await gate; await route.continue().catch(() => {}); });
  await body(page).fill('Con ');
  const asked = page.waitForRequest('**/complete?**');
  await page.keyboard.type('@paolo');
  await asked;
  await page.keyboard.type(', e anche oggi');
  await page.keyboard.press('Control+Home');
  go();
  await page.unroute('**/complete?**');
  await page.evaluate(() => fetch('/complete?q=%40paolo&board=lavoro-e-spazi')); // the other answer came before this one
  await page.keyboard.press('Enter');
  await expect(body(page)).toHaveValue('\nCon @paolo, e anche oggi');
});

test('Shift+Tab goes back and inserts nothing', async ({ as }) => {
  const page = await as(marta);
  await page.goto(`/boards/${board}/new`);
  await body(page).click();
  await page.keyboard.type('Chiedo a @paolo');
  await expect(offered(page).first()).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await expect(body(page)).not.toBeFocused();
  await expect(body(page)).toHaveValue('Chiedo a @paolo');
  await expect(offered(page)).toHaveCount(0);
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a tap chooses, and the field keeps the focus', async ({ as }) => {
    const page = await as(marta);
    await page.goto(`/boards/${board}/new`);
    await body(page).tap();
    await page.keyboard.type('Chiedo a @paolo');
    const option = offered(page).filter({ hasText: '@paolo.conti' });
    await expect(option).toBeInViewport();
    expect((await option.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await option.tap();
    await expect(body(page)).toHaveValue('Chiedo a @paolo.conti ');
    await expect(body(page)).toBeFocused();
  });

  test('a thumb that scrolls chooses nothing', async ({ as }) => {
    const page = await as(marta);
    await page.goto(`/boards/${board}/new`);
    await body(page).tap();
    await page.keyboard.type('Chiedo a @m');
    await expect(offered(page).first()).toBeInViewport();
    const { x, y, width, height } = (await offered(page).first().boundingBox())!;
    const touch = await page.context().newCDPSession(page);
    const at = (dy: number) => [{ x: x + width / 2, y: y + height / 2 + dy }];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (const dy of [10, 30, 60]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(dy) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(body(page)).toHaveValue('Chiedo a @m');
    await expect(body(page)).toBeFocused();
  });
});
