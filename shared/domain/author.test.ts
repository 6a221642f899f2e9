import { describe, expect, it } from 'vitest';
import { authorProblem, knownAuthor, proposeUser } from './author.ts';

describe('the parts of an author', () => {
  it.each([
    ['user', 'mike'],
    ['user', 'zoë_2'],
    ['user', '山田'],
    ['user', 'm.s-2'],
    ['name', "Mike O'Brien-Swanson"],
    ['name', '山田 太郎'],
    ['email', 'mike@example.com'],
    ['email', ''],
  ] as const)('%s may be %j', (field, value) => {
    expect(authorProblem(field, value)).toBeNull();
  });

  it.each([
    ['user', 'mike swanson'],
    ['user', '-mike'],
    ['user', '../etc'],
    ['user', 'mike\n- **User:** eve'],
    ['user', 'm'.repeat(64)],
    ['user', '🎉'],
    ['name', 'Mike\nSwanson'],
    ['name', 'Mike\u202enosnawS'],
    ['name', 'Mike <mike@example.com>'],
    ['name', ' Mike'],
    ['name', 'M'.repeat(129)],
    ['email', 'mike'],
    ['email', 'a@b@c'],
    ['email', 'a b@c.de'],
    ['email', `${'a'.repeat(65)}@example.com`],
  ] as const)('%s may not be %j', (field, value) => {
    expect(authorProblem(field, value)).not.toBeNull();
  });

  it('nobody is known by half', () => {
    expect(knownAuthor({ user: 'mike', name: '', email: 'x@y' })).toBeNull();
    expect(knownAuthor({ user: '', name: 'Mike', email: '' })).toBeNull();
    expect(knownAuthor({ user: 'mike', name: 'Mike', email: '' })).not.toBeNull();
  });
});

describe('a proposed short name', () => {
  it.each([
    ['Mike Swanson', 'mike'],
    ['Zoë Lindqvist', 'zoe'],
    ['山田 太郎', '山田'],
    ["O'Brien", 'o'],
    ['', ''],
    ['🎉 🎉', ''],
    ['\u0301x Y', 'y'],
    ['x'.repeat(100_000), ''],
  ])('of %j is %j', (name, user) => {
    expect(proposeUser(name)).toBe(user);
    expect(authorProblem('user', user)).toBeNull();
  });
});
