// Offers the browser's time zone to the sign-up form. Without this, UTC stands.
const field = document.querySelector('input[name="time_zone"]');
if (field) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
