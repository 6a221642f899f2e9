import type { TeamSearch } from '../../../shared/domain/settings.ts';
import { en } from '../../../shared/i18n/en.ts';
import { BriefField } from '../../ui/brief-field.tsx';
import { SelectField, SwitchField } from '../../ui/field.tsx';
import { Callout } from '../../ui/state.tsx';
import type { PageProps } from './page-props.ts';
import { SavedField } from './saved-field.tsx';
import styles from './settings-view.module.css';

/** What the app does automatically, and when it holds back. */
export function SchedulePage(props: PageProps) {
  const { settings, editor, info } = props;
  const { schedule } = settings;
  const words = en.settings.schedule;
  return (
    <>
      <p className={styles.intro}>{words.intro}</p>
      <SelectField
        label={words.push}
        value={schedule.push}
        options={(['on-change', 'daily', 'manual'] as const).map((value) => ({
          value,
          label: words.pushOptions[value],
        }))}
        onChange={(push) => editor.change({ schedule: { push } })}
      />
      <SelectField
        label={words.index}
        hint={words.indexHint}
        value={schedule.index}
        options={(['auto', 'manual'] as const).map((value) => ({ value, label: words.indexOptions[value] }))}
        onChange={(index) => editor.change({ schedule: { index } })}
      />
      <SelectField
        label={words.team}
        hint={words.teamHint}
        value={settings.search.team}
        options={teamChoices(settings.search.team).map((value) => ({
          value,
          label:
            value === 'all' || value === 'off' ? words.teamOptions[value] : words.teamMonths(Number(value)),
        }))}
        onChange={(team) => editor.change({ search: { team } })}
      />
      <SwitchField
        label={words.searchCredentials}
        hint={words.searchCredentialsHint}
        checked={settings.search.credentials === 'own'}
        onChange={(on) => editor.change({ search: { credentials: on ? 'own' : 'never' } })}
      />
      <SelectField
        label={words.full}
        hint={words.fullHint}
        value={schedule.full}
        options={(['weekly', 'manual'] as const).map((value) => ({ value, label: words.fullOptions[value] }))}
        onChange={(full) => editor.change({ schedule: { full } })}
      />
      <BriefField
        checked={settings.agents.brief}
        onChange={(brief) => editor.change({ agents: { brief } })}
      />
      <SwitchField
        label={words.battery}
        checked={schedule.pauseOnBattery}
        onChange={(pauseOnBattery) => editor.change({ schedule: { pauseOnBattery } })}
      />
      {info.capabilities.metered ? (
        <SwitchField
          label={words.metered}
          checked={schedule.pauseOnMetered}
          onChange={(pauseOnMetered) => editor.change({ schedule: { pauseOnMetered } })}
        />
      ) : (
        <p className={styles.intro}>{words.meteredUnknown}</p>
      )}
    </>
  );
}

const TEAM_CHOICES: readonly TeamSearch[] = ['all', '24', '12', '6', '3', 'off'];

/** The usual choices, plus a different one set elsewhere. */
function teamChoices(now: TeamSearch): readonly TeamSearch[] {
  return TEAM_CHOICES.includes(now) ? TEAM_CHOICES : [now, ...TEAM_CHOICES];
}

/** What may interrupt, and when not. */
export function NotificationsPage(props: PageProps) {
  const { settings, editor, info } = props;
  const { notifications } = settings;
  const words = en.settings.notifications;
  return (
    <>
      <p className={styles.intro}>{words.intro}</p>
      {info.capabilities.notifications ? null : <Callout tone="info" icon="info" title={words.unavailable} />}
      <SwitchField
        label={words.notes}
        checked={notifications.notes}
        onChange={(notes) => editor.change({ notifications: { notes } })}
      />
      <SwitchField
        label={words.problems}
        checked={notifications.problems}
        onChange={(problems) => editor.change({ notifications: { problems } })}
      />
      <SavedField
        label={words.quiet}
        hint={words.quietHint}
        value={notifications.quietHours}
        error={editor.errors['notifications.quietHours'] ?? null}
        onSave={(quietHours) => editor.change({ notifications: { quietHours: quietHours.trim() } })}
      />
    </>
  );
}
