import type { ErrorCode } from '../../errors/error-codes.ts'

/** German texts of the errors that people see on our pages: what happened, and what to do. */
export const germanErrors: Readonly<Partial<Record<ErrorCode, readonly [message: string, hint: string]>>> = {
  SOEN_LOGIN_WRONG: [
    'Der Benutzername oder das Passwort ist falsch.',
    'Bitte beides prüfen, oder einen Admin um ein neues Passwort bitten.',
  ],
  SOEN_LOGIN_LOCKED: [
    'Es wurden zu viele falsche Passwörter versucht.',
    'API-Tokens und offene Sitzungen gehen weiter; ein Admin kann die Sperre aufheben.',
  ],
  SOEN_LOGIN_ENDED: [
    'Dieses Konto ist gesperrt, oder sein geteiltes Passwort ist abgelaufen.',
    'Ein Admin richtet ein eigenes Konto ein.',
  ],
  SOEN_LOGIN_BUSY: ['Im Moment werden zu viele Passwörter geprüft.', 'Bitte gleich noch einmal versuchen.'],
  SOEN_STATE_AWAY: [
    'Die Eingangstür kann ihren Zustand seit mehr als einer Minute nicht lesen.',
    'Auf altes Wissen hin wird niemand eingelassen. Das Log auf dem Server nennt die Ursache.',
  ],
  SOEN_STATE_FAILED: [
    'Die Eingangstür kann ihren Zustand im Moment weder lesen noch ändern.',
    'Bitte gleich noch einmal versuchen. Das Log auf dem Server nennt die Ursache.',
  ],
  SOEN_CSRF_TOKEN: [
    'Diese Änderung kommt nicht von einer Seite dieses Servers.',
    'Bitte die Seite neu laden und es wiederholen.',
  ],
  SOEN_CROSS_SITE: [
    'Eine Seite eines anderen Servers wollte hier etwas ändern.',
    'Bitte diesen Server selbst öffnen und es dort wiederholen.',
  ],
  SOEN_ADMIN_ONLY: [
    'Das darf nur ein Admin mit eigenem Konto.',
    'Bitte einen fragen; ein geteiltes Passwort verwaltet nichts.',
  ],
  SOEN_OWN_ACCOUNT: [
    'Admins ändern oder entfernen ihr eigenes Konto nicht.',
    'Ein anderer Admin kann es tun, so bleibt immer einer. Das eigene Passwort: /_soen/account.',
  ],
  SOEN_ROLE_TOO_LOW: [
    'Die eigene Rolle reicht dafür nicht.',
    'Ein Admin kann eine andere geben, oder jemand tut es, der sie hat.',
  ],
  SOEN_FEATURE_OFF: [
    'Dieser Teil von MLflow ist auf diesem Server abgeschaltet.',
    'Er kann Programme ausführen, andere Systeme erreichen oder Konten verwalten.',
  ],
  SOEN_NOT_FOUND: ['Unter diesem Pfad ist nichts.', 'Bitte die Adresse prüfen.'],
  SOEN_MLFLOW_DOWN: [
    'MLflow antwortet im Moment nicht.',
    'Vielleicht startet es gerade: bitte gleich noch einmal versuchen.',
  ],
  SOEN_PASSWORD_INVALID: [
    'Dieses Passwort kann nicht verwendet werden.',
    'Mindestens 8 Zeichen jeder Art; ein paar Wörter ohne Zusammenhang merken sich leicht. Zu bekannte, der eigene Name und das jetzige gehen nicht.',
  ],
  SOEN_TOKEN_NAME_INVALID: [
    'Ein Token braucht einen Namen mit 1 bis 64 Zeichen.',
    'Er sagt, was es benutzt, zum Beispiel „laptop“ oder „cluster“.',
  ],
  SOEN_TOKEN_EXPIRY_INVALID: [
    'So lange kann ein Token nicht gelten.',
    'Möglich sind 1 bis 366 Tage; eines ohne Ende ist für Konten von Programmen.',
  ],
  SOEN_TOKEN_OWNER_INVALID: [
    'Dieses Konto kann keine Tokens haben: Es ist geteilt oder gesperrt.',
    'Ein eigenes Konto kann es.',
  ],
  SOEN_TOKEN_UNKNOWN: ['Dieses Token gibt es nicht.', 'Vielleicht ist es schon widerrufen.'],
  SOEN_SESSION_UNKNOWN: ['Diese Sitzung gibt es nicht.', 'Vielleicht ist sie schon beendet.'],
  SOEN_USER_UNKNOWN: ['Dieses Konto gibt es nicht.', 'Vielleicht ist es schon entfernt.'],
  SOEN_USER_EXISTS: ['Ein Konto mit diesem Namen gibt es schon.', 'Bitte einen anderen Namen wählen.'],
  SOEN_USER_NAME_INVALID: [
    'Das kann kein Benutzername sein.',
    '1 bis 64 Buchstaben, Ziffern und im Innern . _ @ + -, zum Beispiel eine E-Mail-Adresse.',
  ],
}
