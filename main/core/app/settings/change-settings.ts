import { appError, type AppError } from '../../../../shared/app-error.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import { parseSettings, type SettingsProblem } from '../../../../shared/domain/settings-schema.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';

export type SettingsPatch = ParsedInput<'settings.set'>['change'];

/**
 * Applies a patch to a copy of the settings, validated as a whole.
 * @param lead start of a refusal's text
 * @returns `invalid-input` that names the first wrong field, and in `details.rule` what it must be
 */
export function changedSettings(
  settings: Settings,
  patch: SettingsPatch,
  lead = 'The settings were not saved',
): Result<Settings, AppError> {
  const next = {
    ...settings,
    author: { ...settings.author, ...patch.author },
    store: { ...settings.store, ...patch.store },
    git: { ...settings.git, ...patch.git },
    schedule: { ...settings.schedule, ...patch.schedule },
    save: { ...settings.save, ...patch.save },
    search: { ...settings.search, ...patch.search },
    sync: { ...settings.sync, ...patch.sync },
    secrets: { ...settings.secrets, ...patch.secrets },
    agents: { ...settings.agents, ...patch.agents },
    capture: { ...settings.capture, ...patch.capture },
    notifications: { ...settings.notifications, ...patch.notifications },
    app: { ...settings.app, ...patch.app },
  };
  const parsed = parseSettings(next);
  return parsed.ok ? parsed : err(refused(parsed.error, lead));
}

function refused(problems: readonly SettingsProblem[], lead: string): AppError {
  const said = problems.map(({ key, problem }) => `${key} ${problem}`).join('; ');
  return appError('invalid-input', `${lead}: ${said}.`, 'Correct it and repeat.', {
    details: { field: fieldOf(problems[0]?.key ?? ''), rule: problems[0]?.problem ?? '' },
  });
}

/** `git.workspaces.0` is the field `git.workspaces`. */
function fieldOf(key: string): string {
  return key.split('.').slice(0, 2).join('.');
}

/** Settings from an export, and what was omitted, in words. */
export interface ReadExport {
  readonly settings: Settings;
  readonly leftOut: readonly string[];
}

/**
 * Reads the output of `settings.export`, from this or another machine, this or an older version. Values that no machine can use are omitted
 * in favour of the current ones.
 * @param present the current settings
 */
export function readExport(text: string, present: Settings): Result<ReadExport, AppError> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err(noExport('it is not JSON'));
  }
  const whole = parseSettings(raw);
  if (whole.ok) return ok({ settings: whole.value, leftOut: [] });
  const general = whole.error.find(({ key }) => key === '' || key === 'schema');
  if (general) return err(noExport(`${general.key === '' ? 'it' : general.key} ${general.problem}`));
  const repaired = withPresent(raw as Record<string, unknown>, present, whole.error);
  const parsed = parseSettings(repaired);
  if (!parsed.ok) return err(refused(parsed.error, 'The settings were not saved'));
  return ok({ settings: parsed.value, leftOut: whole.error.map(({ key, problem }) => `${key} ${problem}`) });
}

function withPresent(
  raw: Readonly<Record<string, unknown>>,
  present: Settings,
  problems: readonly SettingsProblem[],
): Record<string, unknown> {
  const repaired: Record<string, unknown> = { ...raw };
  const groups = present as unknown as Record<string, Record<string, unknown>>;
  for (const { key } of problems) {
    const [group = '', field] = key.split('.');
    const before = repaired[group];
    if (field === undefined || typeof before !== 'object' || before === null) repaired[group] = groups[group];
    else repaired[group] = { ...before, [field]: groups[group]?.[field] };
  }
  return repaired;
}

function noExport(why: string): AppError {
  return appError(
    'invalid-input',
    `This file holds no settings of Session Log: ${why}.`,
    'Choose a file that “Export settings” wrote.',
    { details: { field: 'text' } },
  );
}
