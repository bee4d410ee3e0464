import { useLanguage, useText } from "../language/language-context.tsx";
import { officerPhrases } from "./phrases.ts";

export function LanguageButton() {
  const { language, setLanguage } = useLanguage();
  const text = useText(officerPhrases);
  return (
    <button
      type="button"
      className="text-button"
      data-testid="language-switch"
      title={text("language.label")}
      onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
    >
      {text("language.switch")}
    </button>
  );
}
