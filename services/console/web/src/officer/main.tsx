import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../language/language-context.tsx";
import { PageBoundary } from "../page-boundary.tsx";
import { followColorScheme } from "./color-scheme.ts";
import { OfficerApp } from "./officer-app.tsx";
import "../page.css";
import "./officer.css";
import "./ticket.css";

followColorScheme();
const root = document.getElementById("root");
if (root === null) throw new Error("officer.html has no #root");
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <PageBoundary>
        <OfficerApp />
      </PageBoundary>
    </LanguageProvider>
  </StrictMode>,
);
