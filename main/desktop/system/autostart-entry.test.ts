import { describe, expect, it } from 'vitest';
import { autostartEntry } from './autostart-entry.ts';

describe('the entry that starts the app at login', () => {
  it('starts it hidden', () => {
    expect(autostartEntry('/opt/Session Log/session-log-app')).toContain(
      '\nExec="/opt/Session Log/session-log-app" --hidden\n',
    );
  });

  it('quotes what the format would read as more than a path', () => {
    expect(autostartEntry('/a"b`c$d%e')).toContain('Exec="/a\\\\"b\\\\`c\\\\$d%%e" --hidden');
  });
});
