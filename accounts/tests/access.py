"""Who may open which address of this app; read by the walk over the URLconf."""

from accounts.enums import Role

EVERYBODY = set(Role)
ADMINISTRATOR = {Role.ADMINISTRATOR}

ACCESS = {
    "accounts:home": EVERYBODY,
    "accounts:logout": EVERYBODY,
    "accounts:password_change": EVERYBODY,
    "accounts:password_change_done": EVERYBODY,
    "accounts:saved_view_rename": EVERYBODY,  # pk: saved view (404 unless one's own)
    "accounts:saved_view_delete": EVERYBODY,  # pk: saved view (404 unless one's own)
    # The administrator's pages (pk: account).
    "accounts:accounts": ADMINISTRATOR,
    "accounts:accounts_workbook": ADMINISTRATOR,
    "accounts:account_create": ADMINISTRATOR,
    "accounts:log": ADMINISTRATOR,
    "accounts:log_workbook": ADMINISTRATOR,
    "accounts:account_many": ADMINISTRATOR,
    "accounts:account": ADMINISTRATOR,
    "accounts:account_edit": ADMINISTRATOR,
    "accounts:role_give": ADMINISTRATOR,
    "accounts:role_end": ADMINISTRATOR,
    "accounts:account_lock": ADMINISTRATOR,
    "accounts:account_unlock": ADMINISTRATOR,
    "accounts:account_password": ADMINISTRATOR,
}

# Open to visitors who are not signed in.
PUBLIC = {
    "accounts:login",
    "accounts:password_reset",
    "accounts:password_reset_done",
    "accounts:password_reset_confirm",
    "accounts:password_reset_complete",
    # What the trainer's QR code opens on the phone of a trainee without an account.
    "training:sign_in",
    # The check of a certificate: by its QR code (token: certificate), or by the code typed in.
    "gcn:ask",
    "gcn:check",
    # The public catalogue and the open data.
    "catalogue:list",
    "catalogue:product",
    "catalogue:photo",
    "catalogue:photo_small",
    "catalogue:open_data",
    "api:api-root",
    "api:openapi-json",
    "api:products",
    "api:product",
    "api:products_csv",
}
