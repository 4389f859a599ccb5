import { marta, paolo } from '../people.ts';
import { Server } from '../server.ts';
import { comment, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('a page that lost its server shows what it missed, once, and keeps what was being typed', async ({ as, complaints }) => {
  test.setTimeout(120_000);
  complaints.expect(/WebSocket connection to .* failed/, /net::ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED)/);
  const server = await Server.start();
  try {
    const [away, other] = await Promise.all([as(marta, { baseURL: server.url }), as(paolo, { baseURL: server.url })]);
    let reachable = true;
    await away.routeWebSocket('**/live?**', (socket) => {
      if (reachable) socket.connectToServer();
      else void socket.close({ code: 1001 });
    });
    await postIdea(away, fresh('Il corriere delle undici'));
    await other.goto(new URL(away.url()).pathname);
    const before = fresh('Prima');
    await comment(other, before);
    await expect(away.locator('#thread').getByText(before)).toBeVisible();
    await away.evaluate(() => { document.documentElement.dataset.marked = 'yes'; });
    const box = away.locator('#comment').getByRole('textbox');
    await box.click();
    await away.keyboard.type('Mentre scrivo');

    reachable = false;
    expect(await server.stop()).toBe(0);
    await server.start();
    const missed = [fresh('Durante uno'), fresh('Durante due')];
    for (const text of missed) await comment(other, text);
    reachable = true;

    // They would push the form away: they wait behind a button, in sight.
    await expect(away.getByRole('button', { name: say('%s new comments', '2') })).toBeInViewport({ timeout: 60_000 });
    const after = fresh('Dopo');
    await comment(other, after);
    const arrived = away.getByRole('button', { name: say('%s new comments', '3') });
    await expect(arrived).toBeInViewport();
    await expect(box).toBeFocused();
    await arrived.click();
    await expect(away.locator('#thread').getByText(after)).toBeVisible();
    const shown = await away.locator('#thread > li .text').allInnerTexts();
    expect(shown.map((text) => text.trim())).toEqual([before, ...missed, after]);
    await expect(box).toHaveValue('Mentre scrivo');
    await expect(away.locator('html')).toHaveAttribute('data-marked', 'yes');
  } finally {
    await server.remove();
  }
});
