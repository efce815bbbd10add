"""Messages in zh-CN and English as gettext catalogues, and the reader of them."""
