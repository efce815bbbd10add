CREATE TABLE account_pulse (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    process TEXT NOT NULL,
    at INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    away INTEGER NOT NULL,
    not_sent INTEGER NOT NULL,
    no_answer INTEGER NOT NULL,
    took TEXT NOT NULL,
    error_at INTEGER,
    error_end TEXT,
    error_why TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE INDEX account_pulse_by_time ON account_pulse (merchant_id, account_id, at);

CREATE TABLE approval (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    act TEXT NOT NULL,
    method TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    evidence TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE INDEX approval_by_time ON approval (merchant_id, made_at, id);

CREATE TABLE confirmation (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    deed TEXT NOT NULL,
    sealed_form BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE TABLE counter (
    merchant_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, name)
)
 STRICT;

CREATE TABLE day_totals (
    merchant_id INTEGER NOT NULL,
    shop_id TEXT NOT NULL,
    business_day TEXT NOT NULL,
    method TEXT NOT NULL,
    wallet TEXT NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    minor INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, shop_id, business_day, method, wallet, kind)
)
 STRICT;

CREATE TABLE duty (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE enrol_window (
    merchant_id INTEGER NOT NULL,
    terminal_id TEXT NOT NULL,
    code_hmac TEXT,
    nonce TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    algorithm TEXT,
    public_key TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id)
)
 STRICT;

CREATE TABLE evidence_checkpoint (
    merchant_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    kept TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, size)
)
 STRICT;

CREATE TABLE evidence_head (
    merchant_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    PRIMARY KEY (merchant_id)
)
 STRICT;

CREATE TABLE evidence_leaf (
    merchant_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    subject TEXT,
    entry BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    PRIMARY KEY (merchant_id, position)
)
 STRICT;

CREATE INDEX evidence_leaf_by_subject ON evidence_leaf (merchant_id, subject, position);

CREATE TABLE factor_reset (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE INDEX factor_reset_by_person ON factor_reset (merchant_id, person_id);

CREATE TABLE factor_tries (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    tries INTEGER NOT NULL,
    tried_at INTEGER NOT NULL,
    locked_until INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE TABLE installation (
    one INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    demonstration INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (one)
)
 STRICT;

CREATE TABLE merchant (
    merchant_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id)
)
 STRICT;

CREATE TABLE merchant_day (
    merchant_id INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    payments INTEGER NOT NULL,
    gross_minor INTEGER NOT NULL,
    voids INTEGER NOT NULL,
    voided_minor INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, business_day)
)
 STRICT;

CREATE TABLE own_role (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE TABLE person (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    number TEXT,
    name TEXT,
    name_salt TEXT,
    name_commitment TEXT,
    state TEXT NOT NULL,
    password_hash TEXT,
    password_state TEXT DEFAULT 'own' NOT NULL,
    made_at INTEGER NOT NULL,
    gone_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX person_by_number ON person (merchant_id, number);

CREATE TABLE provider_account (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    state TEXT NOT NULL,
    merchant_no TEXT NOT NULL,
    zone TEXT NOT NULL,
    cut_minute INTEGER NOT NULL,
    sealed_state BLOB,
    sealed_settings BLOB,
    settings_at INTEGER,
    activating_at INTEGER,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX provider_account_by_name ON provider_account (merchant_id, name);

CREATE TABLE provider_route (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    scope TEXT NOT NULL,
    method TEXT NOT NULL,
    account_ids TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX provider_route_by_place ON provider_route (merchant_id, scope, method);

CREATE TABLE recovery_code (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE INDEX recovery_code_by_person ON recovery_code (merchant_id, person_id);

CREATE TABLE second_person_rule (
    merchant_id INTEGER NOT NULL,
    act TEXT NOT NULL,
    persons INTEGER NOT NULL,
    from_minor INTEGER,
    roles TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, act)
)
 STRICT;

CREATE TABLE session (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    token_sha256 TEXT NOT NULL,
    csrf TEXT NOT NULL,
    person_id TEXT NOT NULL,
    terminal_id TEXT,
    language TEXT NOT NULL,
    auth TEXT DEFAULT 'pin' NOT NULL,
    came_from TEXT DEFAULT '' NOT NULL,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX session_by_token ON session (merchant_id, token_sha256);

CREATE TABLE shop (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    day_ends_minute INTEGER NOT NULL,
    rounding TEXT DEFAULT 'none' NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE TABLE sign_in_lock (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    terminal_id TEXT NOT NULL,
    number TEXT NOT NULL,
    tries INTEGER NOT NULL,
    tried_at INTEGER NOT NULL,
    locked_until INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX sign_in_lock_by_place ON sign_in_lock (merchant_id, terminal_id, number);

CREATE TABLE signed_counter (
    merchant_id INTEGER NOT NULL,
    terminal_id TEXT NOT NULL,
    counter INTEGER NOT NULL,
    recent TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id)
)
 STRICT;

CREATE TABLE spent_ticket (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id)
)
 STRICT;

CREATE TABLE staff (
    merchant_id INTEGER NOT NULL,
    number_least INTEGER NOT NULL,
    number_most INTEGER NOT NULL,
    supervisor_number TEXT NOT NULL,
    administrator_number TEXT NOT NULL,
    supervisor_word TEXT NOT NULL,
    administrator_word TEXT NOT NULL,
    cashier_word TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id)
)
 STRICT;

CREATE TABLE till_rule (
    merchant_id INTEGER NOT NULL,
    only_enrolled INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id)
)
 STRICT;

CREATE TABLE trusted_network (
    merchant_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    networks TEXT NOT NULL,
    trial TEXT,
    trial_until INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, purpose)
)
 STRICT;

CREATE TABLE usual_amount (
    merchant_id INTEGER NOT NULL,
    shop_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    most_minor INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, shop_id)
)
 STRICT;

CREATE TABLE api_key (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    shop_ids TEXT NOT NULL,
    networks TEXT DEFAULT '' NOT NULL,
    expires_at INTEGER,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, owner_id) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX api_key_by_secret ON api_key (merchant_id, secret_sha256);

CREATE TABLE code_app (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    sealed_secret BLOB,
    last_step INTEGER NOT NULL,
    used_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE INDEX code_app_by_person ON code_app (merchant_id, person_id);

CREATE TABLE login (
    merchant_id INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    email TEXT,
    email_salt TEXT,
    email_commitment TEXT,
    email_digest TEXT,
    state TEXT NOT NULL,
    password_hash TEXT,
    reset_sha256 TEXT,
    reset_until INTEGER,
    made_at INTEGER NOT NULL,
    gone_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, person_id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX login_by_email ON login (merchant_id, email_digest);

CREATE TABLE passkey (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    credential_sha256 TEXT NOT NULL,
    public_key_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    credential_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    rp_id TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    name TEXT NOT NULL,
    used_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX passkey_by_credential ON passkey (merchant_id, credential_sha256);

CREATE INDEX passkey_by_person ON passkey (merchant_id, person_id);

CREATE TABLE provider_notice (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    order_no TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    said TEXT NOT NULL,
    raw TEXT,
    raw_salt TEXT,
    raw_commitment TEXT,
    kept_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    how TEXT,
    reason TEXT,
    payment_id TEXT,
    ended_at INTEGER,
    due_at INTEGER,
    tries INTEGER DEFAULT '0' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, account_id) REFERENCES provider_account (merchant_id, id)
)
 STRICT;

CREATE INDEX provider_notice_by_due ON provider_notice (merchant_id, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX provider_notice_for_a_person ON provider_notice (merchant_id, kept_at, id) WHERE state = 'person';

CREATE INDEX provider_notice_to_clear ON provider_notice (merchant_id, ended_at) WHERE raw IS NOT NULL AND state = 'done';

CREATE TABLE role_grant (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT,
    own_role_id TEXT,
    shop_id TEXT,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    gone_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id),
    FOREIGN KEY(merchant_id, own_role_id) REFERENCES own_role (merchant_id, id)
)
 STRICT;

CREATE INDEX role_grant_by_person ON role_grant (merchant_id, person_id);

CREATE TABLE saved_filter (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    "query" TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE INDEX saved_filter_by_person ON saved_filter (merchant_id, person_id, made_at);

CREATE TABLE second_request (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    act TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    terminal_id TEXT,
    shop_id TEXT,
    lends TEXT,
    amount_minor INTEGER,
    request_sha256 TEXT NOT NULL,
    persons INTEGER NOT NULL,
    alone INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    ripe_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    asked_approval_id TEXT,
    state TEXT NOT NULL,
    first_by TEXT,
    approved_by TEXT,
    ended_by TEXT,
    ended_at INTEGER,
    why TEXT,
    reason TEXT,
    sealed BLOB,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, asked_by) REFERENCES person (merchant_id, id)
)
 STRICT;

CREATE INDEX second_request_by_time ON second_request (merchant_id, asked_at, id);

CREATE INDEX second_request_live ON second_request (merchant_id, ends_at, id) WHERE state IN ('asked', 'half', 'approved');

CREATE TABLE terminal (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    number TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, shop_id) REFERENCES shop (merchant_id, id)
)
 STRICT;

CREATE UNIQUE INDEX terminal_by_number ON terminal (merchant_id, number);

CREATE TABLE enrolment (
    merchant_id INTEGER NOT NULL,
    terminal_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id),
    FOREIGN KEY(merchant_id, terminal_id) REFERENCES terminal (merchant_id, id)
)
 STRICT;

CREATE TABLE payment (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    order_no TEXT NOT NULL,
    voucher_no INTEGER,
    batch_no INTEGER NOT NULL,
    shop_id TEXT NOT NULL,
    terminal_id TEXT NOT NULL,
    operator_id TEXT,
    account_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    wallet TEXT NOT NULL,
    card_kind TEXT NOT NULL,
    entry TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    payer_minor INTEGER,
    merchant_discount_minor INTEGER,
    platform_discount_minor INTEGER,
    fee_minor INTEGER,
    net_minor INTEGER,
    tendered_minor INTEGER,
    change_minor INTEGER,
    rounding_minor INTEGER,
    refund_reserved_minor INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL,
    bill_ref TEXT,
    invoice_ref TEXT,
    reference_no TEXT,
    provider_trade_no TEXT,
    wallet_trade_no TEXT,
    last_four TEXT,
    slip_batch_no TEXT,
    slip_voucher_no TEXT,
    business_day TEXT NOT NULL,
    clearing_day TEXT NOT NULL,
    void_until INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    captured_at INTEGER,
    ended_at INTEGER,
    money TEXT NOT NULL,
    settlement TEXT NOT NULL,
    visibility TEXT NOT NULL,
    dispute TEXT NOT NULL,
    decline_reason TEXT,
    request TEXT NOT NULL,
    facets INTEGER NOT NULL,
    amount_band INTEGER NOT NULL,
    routed TEXT,
    driver TEXT,
    driver_until INTEGER,
    due_at INTEGER,
    asks INTEGER DEFAULT '0' NOT NULL,
    awaiting TEXT,
    code TEXT,
    code_until INTEGER,
    unknown_since INTEGER,
    not_found_asks INTEGER DEFAULT '0' NOT NULL,
    not_found_since INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, account_id) REFERENCES provider_account (merchant_id, id),
    FOREIGN KEY(merchant_id, terminal_id) REFERENCES terminal (merchant_id, id)
)
 STRICT;

CREATE INDEX payment_by_band ON payment (merchant_id, amount_band, taken_at, id, facets, amount_minor);

CREATE INDEX payment_by_bill ON payment (merchant_id, bill_ref, taken_at, id, facets, amount_minor) WHERE bill_ref IS NOT NULL;

CREATE INDEX payment_by_due ON payment (merchant_id, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX payment_by_last_four ON payment (merchant_id, last_four, taken_at, id, facets, amount_minor) WHERE last_four IS NOT NULL;

CREATE UNIQUE INDEX payment_by_order_no ON payment (merchant_id, order_no);

CREATE INDEX payment_by_provider_trade ON payment (merchant_id, provider_trade_no) WHERE provider_trade_no IS NOT NULL;

CREATE INDEX payment_by_rare_state ON payment (merchant_id, money, taken_at, id, facets, amount_minor) WHERE money NOT IN ('captured', 'sent');

CREATE INDEX payment_by_reference ON payment (merchant_id, reference_no) WHERE reference_no IS NOT NULL;

CREATE INDEX payment_by_time ON payment (merchant_id, taken_at, id, facets, amount_minor);

CREATE INDEX payment_by_voucher ON payment (merchant_id, voucher_no, taken_at, id, facets, amount_minor);

CREATE INDEX payment_by_wallet_trade ON payment (merchant_id, wallet_trade_no) WHERE wallet_trade_no IS NOT NULL;

CREATE INDEX payment_for_a_person ON payment (merchant_id, taken_at) WHERE money = 'manual';

CREATE TABLE payment_leg (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_no TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_text TEXT,
    reason_text_salt TEXT,
    reason_text_commitment TEXT,
    actor_id TEXT NOT NULL,
    approver_id TEXT,
    terminal_id TEXT,
    returned_minor INTEGER,
    provider_trade_no TEXT,
    wallet_trade_no TEXT,
    decline_reason TEXT,
    business_day TEXT NOT NULL,
    clearing_day TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    ended_at INTEGER,
    queued_at INTEGER,
    request TEXT NOT NULL,
    asks INTEGER DEFAULT '0' NOT NULL,
    due_at INTEGER,
    tried_at INTEGER,
    tries INTEGER DEFAULT '0' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
)
 STRICT;

CREATE INDEX payment_leg_by_due ON payment_leg (merchant_id, due_at) WHERE due_at IS NOT NULL;

CREATE UNIQUE INDEX payment_leg_by_order_no ON payment_leg (merchant_id, order_no);

CREATE INDEX payment_leg_by_payment ON payment_leg (merchant_id, payment_id, asked_at);

CREATE INDEX payment_leg_by_provider_trade ON payment_leg (merchant_id, provider_trade_no) WHERE provider_trade_no IS NOT NULL;

CREATE INDEX payment_leg_by_wallet_trade ON payment_leg (merchant_id, wallet_trade_no) WHERE wallet_trade_no IS NOT NULL;

CREATE INDEX payment_leg_given_up ON payment_leg (merchant_id, ended_at) WHERE decline_reason = 'funds_not_in_time';

CREATE TABLE payment_resolution (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    leg_id TEXT,
    finding TEXT NOT NULL,
    statement_sha256 TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    approver_id TEXT,
    resolved_at INTEGER NOT NULL,
    sealed BLOB,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
)
 STRICT;

CREATE INDEX payment_resolution_by_payment ON payment_resolution (merchant_id, payment_id, resolved_at);

CREATE TABLE record_hold (
    merchant_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    number INTEGER,
    payment_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT,
    reference_salt TEXT,
    reference_commitment TEXT,
    state TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    lifting_by TEXT,
    lifting_at INTEGER,
    lifted_by TEXT,
    lifted_at INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    last_change TEXT NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
)
 STRICT;

CREATE INDEX record_hold_by_number ON record_hold (merchant_id, number);

CREATE INDEX record_hold_by_payment ON record_hold (merchant_id, payment_id) WHERE state != 'lifted';

CREATE INDEX record_hold_by_state ON record_hold (merchant_id, state, placed_at, id);

CREATE INDEX record_hold_by_time ON record_hold (merchant_id, placed_at, id);
