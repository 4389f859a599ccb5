import { marta } from '../people.ts';
import { Server } from '../server.ts';
import { expect, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

// A company of their own: what grows there is not outgrown by what other tests post.
let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(() => server.remove());

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('growing topics say what is spoken of more than before, and lead to it', async ({ as }) => {
      const page = await as(marta, { baseURL: server.url });
      await page.goto('/topics');
      await expect(page.getByRole('heading', { level: 1, name: say('Growing topics') })).toBeVisible();
      const topic = page.locator('.topics > li').filter({ has: page.getByRole('link', { name: 'riscaldamento' }) });
      const chart = topic.getByRole('img');
      await expect(chart).toBeVisible();
      await expect(chart.locator('rect')).toHaveCount(13);
      await expect(chart).toHaveAccessibleDescription(/(\d+, ){12}\d+$/);
      await topic.getByRole('link', { name: 'riscaldamento' }).click();
      await expect(page).toHaveURL(/\/search\?from=\d{4}-\d\d-\d\d&q=riscaldamento$/);
      await expect(page.locator('#results a[href^="/ideas/"], #results a[href^="/comments/"]').first()).toBeVisible();
      await page.goto('/');
      await page.getByRole('complementary').getByRole('link', { name: say('Growing topics') }).click();
      await page.locator('.tabs a').first().click();
      await expect(page).toHaveURL(/days=7/);
    });
  });
}
