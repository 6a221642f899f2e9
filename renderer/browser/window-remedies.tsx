import type { ReactNode } from 'react';
import { failureWords } from '../../shared/format/window-remedy.ts';
import { usePerform } from '../data/use-perform.ts';
import { useGo } from '../data/use-route.ts';
import { useAppInfo } from '../data/use-status.ts';
import { RemedyProvider } from '../ui/remedy.tsx';
import { useToast } from '../ui/toaster.tsx';

/** Remedies as buttons, for everything in the log browser. */
export function WindowRemedies(props: { readonly children: ReactNode }) {
  const timeZone = useAppInfo()?.timeZone ?? 'UTC';
  const toast = useToast();
  const perform = usePerform(useGo(), (error) =>
    toast({ tone: 'error', title: failureWords(error, timeZone) }),
  );
  return (
    <RemedyProvider timeZone={timeZone} perform={perform}>
      {props.children}
    </RemedyProvider>
  );
}
