/** What may cross into the core: JSON values and nothing else. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Why a foreign value was refused; for the response, so it contains no content. */
export interface Refusal {
  readonly problem: string;
}

export interface PlainLimits {
  /** Maximum characters in all strings and keys together. */
  readonly text: number;
  /** Maximum number of values. */
  readonly nodes: number;
  readonly depth: number;
}

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Copies a foreign value, so that nothing of the caller's own (getters, prototypes, shared references, buffers) reaches the core, and
 * stops as soon as a limit is exceeded: measuring first and copying later would walk a hostile value twice. Keys with the value
 * `undefined` are dropped, as in JSON.
 */
export function copyPlain(value: unknown, limits: PlainLimits): { readonly value: Plain } | Refusal {
  const budget = { text: limits.text, nodes: limits.nodes };
  try {
    return { value: copy(value, limits.depth, budget) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}

class Refused extends Error {}

interface Budget {
  text: number;
  nodes: number;
}

function spendText(text: string, budget: Budget): string {
  budget.text -= text.length;
  if (budget.text < 0) throw new Refused('it is too large');
  return text;
}

function copy(value: unknown, depth: number, budget: Budget): Plain {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw new Refused('it has too many parts');
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return spendText(value, budget);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Refused('it holds a number that is not finite');
    return value;
  }
  if (typeof value !== 'object') throw new Refused(`it holds a ${typeof value}`);
  if (depth === 0) throw new Refused('it is nested too deeply');
  if (Array.isArray(value)) {
    if (value.length > budget.nodes) throw new Refused('it has too many parts');
    return value.map((item) => copy(item, depth - 1, budget));
  }
  return copyObject(value, depth, budget);
}

function copyObject(value: object, depth: number, budget: Budget): Plain {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm has another Object.prototype, whose own prototype is null all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new Refused('it holds something that is not plain data');
  if (Object.prototype.toString.call(value) !== '[object Object]')
    throw new Refused('it holds something that is not plain data');
  const result: Record<string, Plain> = {};
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new Refused(`it has the key ${JSON.stringify(key)}`);
    spendText(key, budget);
    const part = Object.getOwnPropertyDescriptor(value, key);
    if (part === undefined || !('value' in part)) throw new Refused('it holds a computed property');
    if (part.value !== undefined) result[key] = copy(part.value, depth - 1, budget);
  }
  return result;
}
