import { isObject, parseJson } from '../../../shared/json.ts';
import type { HardwarePart, MachineFacts } from '../ports/machine-probe.ts';

/**
 * Parses which machine a demo's data folder simulates, so that it is that machine wherever it is viewed. By hand: commands that an agent
 * waits for call this too, and load no package for it.
 * @param text of the description
 * @returns null for anything else: the folder is then an ordinary one
 */
export function parsePlayedMachine(text: string): MachineFacts | null {
  const read = parseJson(text);
  const { parts, problems, hostname, platform, platformVersion, model } = isObject(read) ? read : {};
  if (!isText(hostname) || !isText(platform) || !isText(platformVersion) || !isText(model)) return null;
  if (!Array.isArray(parts) || !parts.every(isPart)) return null;
  if (!Array.isArray(problems) || !problems.every(isText)) return null;
  return { parts, problems, hostname, platform, platformVersion, model };
}

/** The description as written to the data folder. */
export function formatPlayedMachine(facts: MachineFacts): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function isPart(value: unknown): value is HardwarePart {
  const { key, value: fact } = (value ?? {}) as Partial<HardwarePart>;
  return isText(key) && isText(fact);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 1_024;
}
