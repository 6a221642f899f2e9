/** Programs that sign what they write; not people. */
const AGENT =
  /^(?:claude|anthropic|codex|gemini|copilot|github copilot|cursor|chatgpt|gpt|openai|opencode|aider|cline|windsurf|devin|kimi|qwen|deepseek|llm|ai|agent|assistant|bot|model|system|user|human|automated|auto|antigravity|kiro|jules|junie|goose)\b|[\s_-](?:agent|bot|ai)$/i;
const PLACEHOLDER = /^(?:n\/?a|none|unknown|tbd|todo|anonymous|your name|name|me|self|you|team)$/i;
const PARTICLE =
  /^(?:de|del|della|der|den|di|da|das|do|dos|du|van|von|vom|zu|zum|la|le|el|al|bin|bint|ben|ibn|y|e|ten|ter|af|av)$/u;
const NAME_LIMIT = 80;
const WORDS_LIMIT = 6;

/** The person a value names. */
export interface PersonName {
  /** Full name. */
  readonly author: string | null;
  /** Short name. */
  readonly user: string | null;
}

/**
 * Reads a person's name from a value (`Full Name (user)`, `Full Name <address>`, `@user`). Null for anything else: a program, a
 * number, a placeholder, a sentence.
 * @param value one line without Markdown marks
 */
export function readPerson(value: string): PersonName | null {
  const plain = value.replace(/\s*<[^<>\s]*@[^<>\s]*>\s*$/, '').trim();
  const both = /^(.*?)\s*\(@?([^()]+)\)$/.exec(plain);
  const [name, short] = both ? [both[1] ?? '', both[2] ?? ''] : [plain, ''];
  if (!isName(name)) return null;
  // "Mara (Backend)" gives a role, "Mara Lindqvist (mara)" a short name: one without spaces or capitals.
  const user =
    short !== '' && /^[\p{Ll}\p{Lo}\p{N}._-]{1,40}$/u.test(short) && !isNumber(short) ? short : null;
  return name.startsWith('@') ? { author: null, user: name.slice(1) } : { author: name, user };
}

/** True for a value that can be a short name. */
export function isShortName(value: string): boolean {
  return isName(value) && !value.includes(' ');
}

/** True for digits with any separators: nobody has such a name. */
export function isNumber(value: string): boolean {
  return /^[\p{N}\p{P}\s]*$/u.test(value);
}

function isName(value: string): boolean {
  if (value === '' || value.length > NAME_LIMIT || isNumber(value)) return false;
  if (
    AGENT.test(value) ||
    PLACEHOLDER.test(value) ||
    /[?!:;{}[\]<>|=/\\"]|\.$|\.\s\p{Lu}\p{Ll}{3,}\s\p{Ll}/u.test(value)
  )
    return false;
  const words = value.split(/\s+/);
  if (words.length > WORDS_LIMIT) return false;
  return (
    words.length === 1 ||
    words.every((word) => /^@?[\p{Lu}\p{Lt}\p{Lo}]/u.test(word) || PARTICLE.test(word) || word === '&')
  );
}
