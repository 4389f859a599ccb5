import { desktop, phone } from '../browser.ts';
import { fits } from '../look.ts';
import { open, places } from '../pages.ts';
import { caretaker } from '../people.ts';
import { expect, test, type Page } from '../test.ts';

/**
 * What can be pressed and is smaller than a number of pixels either way. Links in the middle of a sentence are as high as
 * their line (WCAG leaves them out), and a field takes its label along.
 */
async function small(page: Page, least: number) {
  return page.evaluate((least) => {
    const inSentence = (el: Element) => el.matches('a') && getComputedStyle(el).display === 'inline'
      && [...(el.parentElement?.childNodes ?? [])].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const box = (el: Element) => {
      const boxes = [el, ...((el as HTMLInputElement).labels ?? [])].map((e) => e.getBoundingClientRect());
      for (const name of ['::before', '::after']) { // what stretches the target over its row
        const style = getComputedStyle(el, name);
        if (style.content !== 'none' && style.position === 'absolute') {
          const over = el.closest('.row, .hit, .lines > li, .card') ?? el;
          if (parseFloat(style.width) > el.getBoundingClientRect().width) boxes.push(over.getBoundingClientRect());
          else boxes.push(new DOMRect(0, 0, parseFloat(style.width) || 0, parseFloat(style.height) || 0));
        }
      }
      return { width: Math.max(...boxes.map((b) => b.width)), height: Math.max(...boxes.map((b) => b.height)) };
    };
    return [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
      .filter((el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !el.closest('.sr, .text, .skip') && !el.matches('.sr, .skip, [tabindex="-1"]'))
      .filter((el) => el.getBoundingClientRect().width > 2 && !inSentence(el))
      .map((el) => ({ el, ...box(el) }))
      .filter(({ width, height }) => width < least - 0.5 || height < least - 0.5)
      .map(({ el, width, height }) => `${Math.round(width)}×${Math.round(height)} ${el.outerHTML.replace(/\s+/g, ' ').slice(0, 140)}`);
  }, least);
}

test('what is pressed is large enough for a thumb, and nothing scrolls sideways', async ({ as }) => {
  test.setTimeout(240_000);
  const page = await as(caretaker, { viewport: phone, isMobile: true, hasTouch: true });
  for (const place of places) {
    await page.setViewportSize(phone);
    await open(page, place);
    expect.soft(await small(page, 44), `${place.name}: smaller than 44 on a phone`).toEqual([]);
    await fits(page);
    await page.setViewportSize({ width: 800, height: 1280 });
    expect.soft(await small(page, 44), `${place.name}: smaller than 44 on a tablet`).toEqual([]);
    await fits(page);
  }
});

test('what is pressed is large enough for a mouse; pages fit a window of 320 pixels, which is 1280 at 400 %', async ({ as }) => {
  test.setTimeout(240_000);
  const page = await as(caretaker);
  for (const place of places) {
    await page.setViewportSize(desktop);
    await open(page, place);
    expect.soft(await small(page, 24), `${place.name}: smaller than 24`).toEqual([]);
    await fits(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
  }
});

test('whatever has the focus is in sight: not under the bar at the top, and marked', async ({ as }) => {
  test.slow();
  const page = await as(caretaker);
  for (const place of places.filter(({ name }) => ['home', 'board', 'idea', 'search-found', 'account', 'design'].includes(name))) {
    await open(page, place);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const hidden: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Shift+Tab');
      const wrong = await page.evaluate(() => {
        const el = document.activeElement;
        if (!el || el === document.body || el.closest('.skip, header')) return '';
        const box = el.getBoundingClientRect();
        const seen = [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2], [box.left + box.width / 2, box.top + box.height / 2]]
          .some(([x, y]) => { const top = document.elementFromPoint(x, y); return top !== null && (el.contains(top) || top.contains(el) || top.closest('label')?.contains(el)); });
        const ring = [getComputedStyle(el), getComputedStyle(el, '::after')].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)
          || [el.closest('.find, .pad, .tool, label')].some((p) => p && getComputedStyle(p).outlineStyle !== 'none');
        return seen && ring ? '' : `${seen ? 'unmarked' : 'hidden'} ${el.outerHTML.slice(0, 120)}`;
      });
      if (wrong) hidden.push(wrong);
    }
    expect.soft(hidden, place.name).toEqual([]);
  }
});

test('nothing moves for those who want it still', async ({ as }) => {
  const page = await as(caretaker, { reducedMotion: 'reduce' });
  await open(page, { name: 'design', path: '/design' });
  const moving = await page.evaluate(() => [...document.querySelectorAll('body *')].flatMap((el) => {
    const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(el);
    const lasts = (time: string) => time.split(',').some((part) => parseFloat(part) > 0.01);
    return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration) || scrollBehavior === 'smooth' ? [el.className || el.tagName] : [];
  }));
  expect(moving).toEqual([]);
});

test('letters twice as large, as a browser can be set to, fit a window of 320 pixels', async ({ as }) => {
  test.slow();
  const page = await as(caretaker, { viewport: { width: 320, height: 640 } });
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.enable');
  await browser.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  for (const place of places) {
    await open(page, place);
    await expect(page.locator('body')).toHaveCSS('font-size', '32px');
    await fits(page);
  }
});
