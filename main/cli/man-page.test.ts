import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../shared/app-error.ts';
import { only } from '../testing/only.ts';
import { COMMANDS } from './command-table.ts';
import { manPage } from './man-page.ts';
import { wholeProgram } from './whole-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'man-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const page = manPage(await wholeProgram(new Command('session-log'), {} as never), '1.2.3');

describe('the manual page', () => {
  it('has every command of the table and every option that its help shows', async () => {
    const whole = await wholeProgram(new Command('session-log'), {} as never);
    const plain = page.replaceAll('\\-', '-');
    for (const { names } of COMMANDS) {
      const command = whole.commands.find((one) => one.name() === names[0]);
      if (command === undefined || !whole.createHelp().visibleCommands(whole).includes(command)) continue;
      expect(plain).toContain(`.SS "${names.join(', ')}"`);
      for (const option of command.options.filter(({ hidden }) => !hidden))
        expect(plain).toContain(`.B ${option.flags}`);
    }
    expect(plain).toContain('.SS "hooks install"');
    for (const exit of Object.values(EXIT)) expect(plain).toContain(`.B ${exit}\n`);
  });

  it('holds no line that roff would take for something else, and only ASCII', () => {
    expect(page).toMatch(/^\.TH "SESSION\\-LOG" 1 "" "session\\-log 1\.2\.3" "User Commands"\n\.SH NAME\n/);
    for (const line of page.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?:\.(?:TH|SH|SS|TP|PP|BR|B|I)(?: |$)|[^.'])/);
      expect(line).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it('keeps what a description says from being read as a macro', () => {
    const program = new Command('p').description("A 'p'");
    program.command('c').description('.so /etc/passwd').option('--x', "'tricky \\fB \u2026");
    expect(manPage(program, '1')).toContain('\n\\&.so /etc/passwd.\n');
    expect(manPage(program, '1')).toContain("\n\\&'tricky \\efB \\[u2026].\n");
  });

  only(has('groff'), 'needs groff').it('is set by groff without a warning', () => {
    const file = join(folder, 'session-log.1');
    writeFileSync(file, page);
    const set = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou', file], { encoding: 'utf8' });
    const shown = set.stdout.replaceAll('\u2010', '-');
    expect(set).toMatchObject({ status: 0, stderr: '' });
    expect(shown).toContain('session-log doctor');
    expect(shown).toContain('--dry-run');
  });
});
