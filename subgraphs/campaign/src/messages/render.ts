import { Liquid } from 'liquidjs';
import { DomainError } from '@trenza/values';

/** Templates are written by marketers, not by programmers: a slip must cost one message, never the process. */
const MAX_TEMPLATE_LENGTH = 50_000;
/** One message, in milliseconds; a real one takes less than one. */
const RENDER_LIMIT_MS = 200;
/** Units of liquidjs: characters and items that a template may produce. */
const MEMORY_LIMIT = 500_000;
const MAX_SUBJECT_LENGTH = 300;

const options = {
  parseLimit: MAX_TEMPLATE_LENGTH,
  renderLimit: RENDER_LIMIT_MS,
  memoryLimit: MEMORY_LIMIT,
  strictFilters: true,
  ownPropertyOnly: true,
  // No template may read a file of the server: includes find nothing.
  templates: {},
};
/** Plain text for everything but mail bodies, which are HTML: there a customer's name must not become markup. */
const text = new Liquid(options);
const html = new Liquid({ ...options, outputEscape: 'escape' });

export interface Variant {
  channel: string;
  language: string;
  subject: string | null;
  body: string;
}

export interface Rendered {
  subject: string | null;
  body: string;
}

/** Her language first, then its base (`pt` for `pt-BR`), then whatever there is for the channel, in a fixed order. */
export function variantFor<V extends Variant>(
  variants: readonly V[],
  channel: string,
  language: string | undefined,
): V | undefined {
  const ofChannel = variants.filter((v) => v.channel === channel).sort((a, b) => (a.language < b.language ? -1 : 1));
  const wanted = language?.toLowerCase();
  return (
    ofChannel.find((v) => v.language.toLowerCase() === wanted) ??
    ofChannel.find((v) => v.language.toLowerCase() === wanted?.split('-')[0]) ??
    ofChannel.find((v) => v.language.toLowerCase().startsWith('es')) ??
    ofChannel[0]
  );
}

export function render(variant: Variant, variables: Record<string, unknown>): Rendered {
  try {
    const body = (variant.channel === 'email' ? html : text).parseAndRenderSync(variant.body, variables) as string;
    const subject = variant.subject === null ? null : (text.parseAndRenderSync(variant.subject, variables) as string);
    return { subject: subject && oneLine(subject), body };
  } catch (error) {
    throw new DomainError(
      'TEMPLATE_INVALID',
      `The ${variant.channel} text in ${variant.language} can't be rendered: ${(error as Error).message}`.slice(0, 500),
      ['input', 'variants'],
    );
  }
}

/** A line break in a subject would begin a new header of the mail. */
const oneLine = (subject: string): string => subject.replace(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT_LENGTH);

/** The part of a mail for those who read plain text. */
export const plainText = (markup: string): string =>
  markup
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '$2 ($1)')
    .replace(/<br\s*\/?>|<\/(p|div|h\d|li|tr)>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
