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

/** Nothing that keeps somebody out: axe's serious and critical findings. */
export async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 4).map((node) => `  ${node.html.slice(0, 160)}\n  ${node.any[0]?.message ?? ''}`).join('\n')}`);
  expect.soft(serious, `accessibility of ${page.url()}`).toEqual([]);
}
