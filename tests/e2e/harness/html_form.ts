// Reads the forms of a server-rendered page, as far as a person's browser would send them.

export interface Form {
  action: string;
  method: string;
  fields: Map<string, string>; // name -> value that would be sent untouched
  buttons: { name: string; value: string; text: string }[];
}

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+)))?(?=[\\s/>])`, 'i').exec(tag);
  return found ? unescapeHtml(found[1] ?? found[2] ?? found[3] ?? '') : undefined;
};

export function unescapeHtml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}

export function readForms(html: string): Form[] {
  return [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/gi)].map((found) => {
    const tag = found[0].slice(0, found[0].indexOf('>') + 1);
    return {
      action: attribute(tag, 'action') ?? '',
      method: (attribute(tag, 'method') ?? 'get').toUpperCase(),
      fields: readFields(found[1] ?? ''),
      buttons: readButtons(found[1] ?? ''),
    };
  });
}

function readFields(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [tag] of body.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    const type = (attribute(tag, 'type') ?? 'text').toLowerCase();
    const unchecked = (type === 'checkbox' || type === 'radio') && attribute(tag, 'checked') === undefined;
    if (name && !unchecked && type !== 'submit') fields.set(name, attribute(tag, 'value') ?? '');
  }
  for (const [tag, inner] of body.matchAll(/<textarea\b[^>]*>([\s\S]*?)<\/textarea>/gi)) {
    const name = attribute(tag, 'name');
    if (name) fields.set(name, unescapeHtml(inner ?? ''));
  }
  for (const [tag, inner] of body.matchAll(/<select\b[^>]*>([\s\S]*?)<\/select>/gi)) {
    const name = attribute(tag, 'name');
    const options = [...(inner ?? '').matchAll(/<option\b[^>]*>/gi)].map(([option]) => option);
    const chosen = options.find((option) => attribute(option, 'selected') !== undefined) ?? options[0];
    if (name) fields.set(name, chosen ? (attribute(chosen, 'value') ?? '') : '');
  }
  return fields;
}

function readButtons(body: string): Form['buttons'] {
  return [...body.matchAll(/<button\b[^>]*>([\s\S]*?)<\/button>|<input\b[^>]*type=["']?submit[^>]*>/gi)].map(([tag, text]) => ({
    name: attribute(tag, 'name') ?? '',
    value: attribute(tag, 'value') ?? '',
    text: (text ?? '').replace(/<[^>]*>/g, '').trim(),
  }));
}

export function linkById(html: string, id: string): string | undefined {
  const tag = [...html.matchAll(/<a\b[^>]*>/gi)].map(([tag]) => tag).find((tag) => attribute(tag, 'id') === id);
  return tag && attribute(tag, 'href');
}

// The text of the element with that id, which holds no other element.
export function elementText(html: string, id: string): string {
  const found = new RegExp(`\\sid="${id}"[^>]*>([^<]*)<`).exec(html);
  return unescapeHtml(found?.[1] ?? '').trim();
}
