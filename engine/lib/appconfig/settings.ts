import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { AppConfigState } from './state.ts';

interface SettingsShape {
  readonly DeletionProtection?: { readonly Enabled?: boolean; readonly ProtectionPeriodInMinutes?: number };
  readonly VendedMetrics?: { readonly Enabled?: boolean };
}

/** GetAccountSettings and UpdateAccountSettings. */
export function accountSettings(house: House, state: AppConfigState): Service['operations'] {
  const shown = (): SettingsShape => {
    const { deletionProtection, vendedMetrics } = state.settings;
    return {
      DeletionProtection: { Enabled: deletionProtection.enabled, ProtectionPeriodInMinutes: deletionProtection.periodMinutes },
      VendedMetrics: vendedMetrics === undefined ? {} : { Enabled: vendedMetrics },
    };
  };
  return {
    GetAccountSettings: shown,

    UpdateAccountSettings(input: SettingsShape): SettingsShape {
      const { deletionProtection, vendedMetrics } = state.settings;
      const vended = input.VendedMetrics?.Enabled ?? vendedMetrics;
      state.settings = {
        deletionProtection: {
          enabled: input.DeletionProtection?.Enabled ?? deletionProtection.enabled,
          periodMinutes: input.DeletionProtection?.ProtectionPeriodInMinutes ?? deletionProtection.periodMinutes,
        },
        ...(vended !== undefined && { vendedMetrics: vended }),
      };
      house.history.record('appconfig:settings', 'settings', { ...shown() });
      return shown();
    },
  };
}
