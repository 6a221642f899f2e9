import type { AppError } from '../../../shared/app-error.ts';
import { oneLine } from '../../../shared/domain/log-text/headings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { isObject } from '../../../shared/json.ts';
import { parseJsonObject, unusable } from '../files/json-file.ts';

/** One person of users.json. */
export interface RegisteredUser {
  readonly role: string | null;
  readonly fullName: string | null;
  /** Host names this person works on. */
  readonly machines: readonly string[];
}

/** `.claude/users.json`: everybody who may sign a log of this workspace. */
export interface UsersRegistry {
  readonly users: ReadonlyMap<string, RegisteredUser>;
  readonly path: string;
}

/**
 * Reads users.json in both of its shapes, `{"users": {name: {…}}}` and `{name: {…}}`.
 * @returns `corrupt` when it is not JSON or names nobody
 */
export function parseUsersRegistry(bytes: Uint8Array, path: string): Result<UsersRegistry, AppError> {
  const parsed = parseJsonObject(bytes, path);
  if (!parsed.ok) return parsed;
  const wrapped = parsed.value['users'];
  const people = isObject(wrapped) ? wrapped : parsed.value;
  const users = new Map<string, RegisteredUser>();
  for (const [name, value] of Object.entries(people)) {
    // There are also keys like "$schema" or "version".
    if (!isObject(value) || name === '') continue;
    const machines = Array.isArray(value['known_machines']) ? value['known_machines'] : [];
    users.set(name, {
      role: line(value['role']),
      fullName: line(value['full_name']) ?? line(value['name']),
      machines: machines.map(line).filter((machine) => machine !== null),
    });
  }
  if (users.size === 0) return err(unusable(path, 'it names no users'));
  return ok({ users, path });
}

function line(value: unknown): string | null {
  return typeof value === 'string' ? oneLine(value, 128) || null : null;
}
