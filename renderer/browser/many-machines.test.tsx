import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { axeProblems, testPage } from '../../e2e/fixture/test-page.ts';
import { useMadeUpWorld } from '../../e2e/fixture/use-made-up-world.ts';
import type { MachineUuid } from '../../shared/domain/ids.ts';
import type { MachineRow } from '../../shared/domain/log-query.ts';
import { BrowserApp } from './browser-app.tsx';

useMadeUpWorld();

const MACHINES = 300;
const uuidOf = (number: number) =>
  `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000` as MachineUuid;

/** `mac-0` to `mac-299` in no order; `mac-7` is the own one, and the higher a number the more sessions. */
function machines(like: MachineRow): MachineRow[] {
  return Array.from({ length: MACHINES }, (_, index) => {
    const number = (index * 7) % MACHINES;
    return { ...like, machine: uuidOf(number), host: `mac-${number}`, own: number === 7, logs: number };
  });
}

async function open() {
  const test = testPage({ logs: 60 });
  const [like] = test.fixture.index.machines(0);
  test.fixture.index.machines = () => machines(like as MachineRow);
  render(<BrowserApp link={test.link} />);
  const rail = await screen.findByRole('region', { name: 'Machines' });
  const names = (): string[] =>
    within(rail)
      .getAllByRole('checkbox')
      .map(
        (box) =>
          document.getElementById(box.getAttribute('aria-labelledby') ?? '')?.firstChild?.textContent ?? '',
      );
  return { ...test, rail, names, user: userEvent.setup() };
}

it('of 300 machines the own one and those with the most sessions stand in the rail', async () => {
  const { names, rail, user } = await open();
  expect(names()).toEqual(['mac-7', 'mac-295', 'mac-296', 'mac-297', 'mac-298', 'mac-299']);
  await user.click(within(rail).getByRole('button', { name: 'Show all 300' }));
  expect(names()).toHaveLength(300);
  // As people count.
  expect(names().slice(0, 5)).toEqual(['mac-7', 'mac-0', 'mac-1', 'mac-2', 'mac-3']);
  expect(names().at(-1)).toBe('mac-299');
  await user.click(within(rail).getByRole('button', { name: 'Show fewer' }));
  expect(names()).toHaveLength(6);
});

it('one of 300 machines is found by its name, chosen, and stays in the rail', async () => {
  const { names, rail, user } = await open();
  const box = within(rail).getByRole('searchbox', { name: 'Find in machines' });
  await user.type(box, 'mac-29');
  expect(names()).toEqual(['mac-29', ...Array.from({ length: 10 }, (_, index) => `mac-${290 + index}`)]);
  expect(await axeProblems()).toEqual([]);
  await user.click(within(rail).getByRole('checkbox', { name: /^mac-29\b/ }));
  await waitFor(() => expect(window.location.hash).toContain(uuidOf(29)));
  expect(screen.getByRole('button', { name: 'Remove filter: mac-29' })).toBeTruthy();
  await user.clear(box);
  expect(names()).toEqual(['mac-7', 'mac-29', 'mac-295', 'mac-296', 'mac-297', 'mac-298', 'mac-299']);
  await user.type(box, 'zebra');
  expect(within(rail).queryByRole('checkbox')).toBeNull();
  expect(within(rail).getByText('Nothing matches')).toBeTruthy();
});

it('of 300 machines that can read, one is found by its name and taken out', async () => {
  window.location.hash = '#/settings/readers';
  const { link, fixture } = testPage({ sealing: { standing: 'member', machines: MACHINES } });
  render(<BrowserApp link={link} />);
  const user = userEvent.setup();
  const box = await screen.findByRole('searchbox', { name: 'Find a machine' });
  expect(await screen.findAllByLabelText(/^Remove… mac-/)).toHaveLength(MACHINES);
  await user.click(box);
  await user.paste('mac-299');
  expect(screen.getAllByLabelText(/^Remove…/)).toHaveLength(1);
  expect(await axeProblems()).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Remove… mac-299' }));
  const dialog = await screen.findByRole('dialog', { name: /mac-299/ });
  await user.click(within(dialog).getByRole('button', { name: /^Remove/ }));
  await waitFor(() => expect(fixture.asked).toContain('remove mac-299'));
  await user.clear(box);
  await user.paste('zebra');
  expect(screen.getByText('No machine has this name.')).toBeTruthy();
});
