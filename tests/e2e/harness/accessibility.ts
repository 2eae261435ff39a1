// The basics that every page owes to people with a keyboard, a screen reader or weak eyes. Returns what is missing.
import type { Page } from './chromium.ts';

export async function shortcomings(page: Page): Promise<string[]> {
  return [...(await page.evaluate(structure)), ...(await page.evaluate(contrast))];
}

// Runs in the page.
function structure(): string[] {
  const wrong: string[] = [];
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  if (!document.documentElement.lang) wrong.push('the page names no language');
  if (!document.title.trim()) wrong.push('the page has no title');
  const shown = (element: HTMLElement) => element.getClientRects().length > 0;
  const heads = all('h1').filter(shown);
  if (heads.length !== 1) wrong.push(`${heads.length} main headings`);
  if (all('main').length !== 1) wrong.push('not exactly one <main>');
  let level = 1;
  for (const heading of all('h1,h2,h3,h4,h5,h6').filter(shown)) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push(`a heading skips a level: ${heading.textContent}`);
    level = next;
  }
  for (const field of all('input:not([type=hidden]):not([hidden]),select,textarea')) {
    const labels = (field as HTMLInputElement).labels?.length ?? 0;
    if (!labels && !field.getAttribute('aria-label')) wrong.push(`no label: ${field.outerHTML.slice(0, 120)}`);
  }
  for (const control of all('button,a[href]').filter(shown)) {
    const name = control.textContent?.trim() || control.getAttribute('aria-label') || control.querySelector('img[alt]')?.getAttribute('alt');
    if (!name) wrong.push(`no name: ${control.outerHTML.slice(0, 120)}`);
  }
  for (const image of all('img')) if (!image.hasAttribute('alt')) wrong.push(`no alternative text: ${image.outerHTML}`);
  const ids = all('[id]').map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) wrong.push(`the id "${id}" is there twice`);
  for (const element of all('[aria-describedby],[aria-labelledby]')) {
    const named = `${element.getAttribute('aria-describedby') ?? ''} ${element.getAttribute('aria-labelledby') ?? ''}`;
    for (const id of named.trim().split(/\s+/)) if (!document.getElementById(id)) wrong.push(`nothing has the id "${id}"`);
  }
  for (const element of all('[style],[onclick],[onsubmit]')) wrong.push(`inline style or script: ${element.outerHTML.slice(0, 120)}`);
  return wrong;
}

// Runs in the page: WCAG 2.2, 1.4.3, text against the nearest opaque background.
function contrast(): string[] {
  type Colour = [number, number, number, number];
  const parse = (text: string): Colour => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const paint = canvas.getContext('2d', { willReadFrequently: true });
    if (!paint) return [0, 0, 0, 1];
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = text;
    paint.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 255] = paint.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const backgroundOf = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] >= 0.99) break;
    }
    const canvasColour = parse('Canvas');
    return layers.reduceRight((below, top) => over(top, below), canvasColour);
  };
  const luminance = (colour: Colour): number => {
    const linear = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
  };
  const wrong: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2 || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const background = backgroundOf(element);
    const [light = 0, dark = 0] = [luminance(over(parse(style.color), background)), luminance(background)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: "${element.textContent?.trim().slice(0, 60)}"`);
  }
  return wrong;
}
