import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Whatever is wider than the window makes the whole page slide under the thumb. */
export async function fits(page: Page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element: Element | null): boolean => element !== null && element !== document.body
      && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const over = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement));
    return [`${document.documentElement.scrollWidth} > ${width}`, ...over.slice(-4).map((element) => element.outerHTML.slice(0, 160))];
  });
  expect.soft(wide, `no sideways scrolling on ${page.url()}`).toEqual([]);
}

/** Nothing that keeps somebody out: axe finds nothing at all, best practices included. */
export async function accessible(page: Page) {
  const axe = new AxeBuilder({ page }).setLegacyMode(); // in the page itself: no page has frames, and a second page to gather them costs as much as the look
  const { violations } = await axe.options({ rules: { 'target-size': { enabled: true } } }).analyze();
  const found = violations
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 4).map((node) => `  ${node.html.slice(0, 160)}\n  ${[...node.any, ...node.all, ...node.none][0]?.message ?? ''}`).join('\n')}`);
  expect.soft(found, `accessibility of ${page.url()}`).toEqual([]);
}

/** Begins to add up how far the pages of a window shift under the reader's eyes. Nothing live comes in: others write meanwhile. */
export async function watchShifts(page: Page) {
  await page.routeWebSocket('**/live?*', () => {});
  await page.addInitScript(() => {
    const watch = globalThis as unknown as { shifts: PerformanceObserver; shifted: string[]; shift: number };
    watch.shift = 0;
    watch.shifted = [];
    watch.shifts = new PerformanceObserver((list) => count(list.getEntries()));
    const count = (entries: PerformanceEntryList) => {
      for (const entry of entries as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Node }[] })[]) {
        if (entry.hadRecentInput) continue;
        watch.shift += entry.value;
        for (const { node } of entry.sources) watch.shifted.push(((node as Element)?.outerHTML ?? node?.textContent ?? '').slice(0, 120));
      }
    };
    watch.shifts.observe({ type: 'layout-shift', buffered: true });
    Object.assign(watch, { count });
  });
}

/** The page has hardly moved since it was opened in a window that watchShifts watches. */
export async function still(page: Page) {
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))));
  const { shift, shifted } = await page.evaluate(() => {
    const watch = globalThis as unknown as { shifts: PerformanceObserver; shifted: string[]; shift: number; count: (entries: PerformanceEntryList) => void };
    watch.count(watch.shifts.takeRecords());
    return { shift: watch.shift, shifted: watch.shifted };
  });
  expect.soft(shift, `layout shift of ${page.url()} by ${shifted.slice(0, 4).join(' ')}`).toBeLessThanOrEqual(0.02);
}
