import { SettingsSection } from "../SettingsSection.tsx";

export const AboutPage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
