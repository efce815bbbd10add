CREATE TABLE account_pulse (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    process UUID NOT NULL,
    at BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    away BIGINT NOT NULL,
    not_sent BIGINT NOT NULL,
    no_answer BIGINT NOT NULL,
    took TEXT NOT NULL,
    error_at BIGINT,
    error_end TEXT,
    error_why TEXT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE INDEX account_pulse_by_time ON account_pulse (merchant_id, account_id, at);

CREATE TABLE approval (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    act TEXT NOT NULL,
    method TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    evidence TEXT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE INDEX approval_by_time ON approval (merchant_id, made_at, id);

CREATE TABLE confirmation (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    session_id UUID NOT NULL,
    nonce TEXT NOT NULL,
    deed TEXT NOT NULL,
    sealed_form BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE counter (
    merchant_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, name)
);

CREATE TABLE day_totals (
    merchant_id BIGINT NOT NULL,
    shop_id UUID NOT NULL,
    business_day TEXT NOT NULL,
    method TEXT NOT NULL,
    wallet TEXT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, shop_id, business_day, method, wallet, kind)
);

CREATE TABLE duty (
    name TEXT NOT NULL,
    holder UUID NOT NULL,
    epoch BIGINT NOT NULL,
    until BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE enrol_window (
    merchant_id BIGINT NOT NULL,
    terminal_id UUID NOT NULL,
    code_hmac TEXT,
    nonce TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    algorithm TEXT,
    public_key TEXT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id)
);

CREATE TABLE evidence_checkpoint (
    merchant_id BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    kept TEXT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, size)
);

CREATE TABLE evidence_head (
    merchant_id BIGINT NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    PRIMARY KEY (merchant_id)
);

CREATE TABLE evidence_leaf (
    merchant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    subject UUID,
    entry BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL,
    PRIMARY KEY (merchant_id, position)
);

CREATE INDEX evidence_leaf_by_subject ON evidence_leaf (merchant_id, subject, position);

CREATE TABLE factor_reset (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    begun_by UUID NOT NULL,
    begun_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE INDEX factor_reset_by_person ON factor_reset (merchant_id, person_id);

CREATE TABLE factor_tries (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    tries BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    locked_until BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE installation (
    one BIGINT NOT NULL,
    uuid UUID NOT NULL,
    epoch BIGINT NOT NULL,
    demonstration BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (one)
);

CREATE TABLE merchant (
    merchant_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id)
);

CREATE TABLE merchant_day (
    merchant_id BIGINT NOT NULL,
    business_day TEXT NOT NULL,
    payments BIGINT NOT NULL,
    gross_minor BIGINT NOT NULL,
    voids BIGINT NOT NULL,
    voided_minor BIGINT NOT NULL,
    refunds BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, business_day)
);

CREATE TABLE own_role (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE person (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    number TEXT,
    name TEXT,
    name_salt TEXT,
    name_commitment TEXT,
    state TEXT NOT NULL,
    password_hash TEXT,
    password_state TEXT DEFAULT 'own' NOT NULL,
    made_at BIGINT NOT NULL,
    gone_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE UNIQUE INDEX person_by_number ON person (merchant_id, number);

CREATE TABLE provider_account (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    state TEXT NOT NULL,
    merchant_no TEXT NOT NULL,
    zone TEXT NOT NULL,
    cut_minute BIGINT NOT NULL,
    sealed_state BYTEA,
    sealed_settings BYTEA,
    settings_at BIGINT,
    activating_at BIGINT,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE UNIQUE INDEX provider_account_by_name ON provider_account (merchant_id, name);

CREATE TABLE provider_route (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    scope TEXT NOT NULL,
    method TEXT NOT NULL,
    account_ids TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE UNIQUE INDEX provider_route_by_place ON provider_route (merchant_id, scope, method);

CREATE TABLE recovery_code (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    code_sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE INDEX recovery_code_by_person ON recovery_code (merchant_id, person_id);

CREATE TABLE second_person_rule (
    merchant_id BIGINT NOT NULL,
    act TEXT NOT NULL,
    persons BIGINT NOT NULL,
    from_minor BIGINT,
    roles TEXT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, act)
);

CREATE TABLE session (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    token_sha256 TEXT NOT NULL,
    csrf TEXT NOT NULL,
    person_id UUID NOT NULL,
    terminal_id UUID,
    language TEXT NOT NULL,
    auth TEXT DEFAULT 'pin' NOT NULL,
    came_from TEXT DEFAULT '' NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE UNIQUE INDEX session_by_token ON session (merchant_id, token_sha256);

CREATE TABLE shop (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    day_ends_minute BIGINT NOT NULL,
    rounding TEXT DEFAULT 'none' NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE sign_in_lock (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    terminal_id UUID NOT NULL,
    number TEXT NOT NULL,
    tries BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    locked_until BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE UNIQUE INDEX sign_in_lock_by_place ON sign_in_lock (merchant_id, terminal_id, number);

CREATE TABLE signed_counter (
    merchant_id BIGINT NOT NULL,
    terminal_id UUID NOT NULL,
    counter BIGINT NOT NULL,
    recent TEXT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id)
);

CREATE TABLE spent_ticket (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    ends_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE staff (
    merchant_id BIGINT NOT NULL,
    number_least BIGINT NOT NULL,
    number_most BIGINT NOT NULL,
    supervisor_number TEXT NOT NULL,
    administrator_number TEXT NOT NULL,
    supervisor_word TEXT NOT NULL,
    administrator_word TEXT NOT NULL,
    cashier_word TEXT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id)
);

CREATE TABLE till_rule (
    merchant_id BIGINT NOT NULL,
    only_enrolled BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id)
);

CREATE TABLE trusted_network (
    merchant_id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    networks TEXT NOT NULL,
    trial TEXT,
    trial_until BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, purpose)
);

CREATE TABLE usual_amount (
    merchant_id BIGINT NOT NULL,
    shop_id UUID NOT NULL,
    made_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    most_minor BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, shop_id)
);

CREATE TABLE api_key (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    label TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    owner_id UUID NOT NULL,
    scopes TEXT NOT NULL,
    shop_ids TEXT NOT NULL,
    networks TEXT DEFAULT '' NOT NULL,
    expires_at BIGINT,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, owner_id) REFERENCES person (merchant_id, id)
);

CREATE UNIQUE INDEX api_key_by_secret ON api_key (merchant_id, secret_sha256);

CREATE TABLE code_app (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    secret_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    sealed_secret BYTEA,
    last_step BIGINT NOT NULL,
    used_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
);

CREATE INDEX code_app_by_person ON code_app (merchant_id, person_id);

CREATE TABLE login (
    merchant_id BIGINT NOT NULL,
    person_id UUID NOT NULL,
    email TEXT,
    email_salt TEXT,
    email_commitment TEXT,
    email_digest TEXT,
    state TEXT NOT NULL,
    password_hash TEXT,
    reset_sha256 TEXT,
    reset_until BIGINT,
    made_at BIGINT NOT NULL,
    gone_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, person_id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
);

CREATE UNIQUE INDEX login_by_email ON login (merchant_id, email_digest);

CREATE TABLE passkey (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    credential_sha256 TEXT NOT NULL,
    public_key_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    credential_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    rp_id TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    used_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
);

CREATE UNIQUE INDEX passkey_by_credential ON passkey (merchant_id, credential_sha256);

CREATE INDEX passkey_by_person ON passkey (merchant_id, person_id);

CREATE TABLE provider_notice (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    order_no TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    said TEXT NOT NULL,
    raw TEXT,
    raw_salt TEXT,
    raw_commitment TEXT,
    kept_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    how TEXT,
    reason TEXT,
    payment_id UUID,
    ended_at BIGINT,
    due_at BIGINT,
    tries BIGINT DEFAULT '0' NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, account_id) REFERENCES provider_account (merchant_id, id)
);

CREATE INDEX provider_notice_by_due ON provider_notice (merchant_id, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX provider_notice_for_a_person ON provider_notice (merchant_id, kept_at, id) WHERE state = 'person';

CREATE INDEX provider_notice_to_clear ON provider_notice (merchant_id, ended_at) WHERE raw IS NOT NULL AND state = 'done';

CREATE TABLE role_grant (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    role TEXT,
    own_role_id UUID,
    shop_id UUID,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    gone_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id),
    FOREIGN KEY(merchant_id, own_role_id) REFERENCES own_role (merchant_id, id)
);

CREATE INDEX role_grant_by_person ON role_grant (merchant_id, person_id);

CREATE TABLE saved_filter (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, person_id) REFERENCES person (merchant_id, id)
);

CREATE INDEX saved_filter_by_person ON saved_filter (merchant_id, person_id, made_at);

CREATE TABLE second_request (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    act TEXT NOT NULL,
    asked_by UUID NOT NULL,
    terminal_id UUID,
    shop_id UUID,
    lends TEXT,
    amount_minor BIGINT,
    request_sha256 TEXT NOT NULL,
    persons BIGINT NOT NULL,
    alone BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    ripe_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    asked_approval_id UUID,
    state TEXT NOT NULL,
    first_by UUID,
    approved_by UUID,
    ended_by UUID,
    ended_at BIGINT,
    why TEXT,
    reason TEXT,
    sealed BYTEA,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, asked_by) REFERENCES person (merchant_id, id)
);

CREATE INDEX second_request_by_time ON second_request (merchant_id, asked_at, id);

CREATE INDEX second_request_live ON second_request (merchant_id, ends_at, id) WHERE state IN ('asked', 'half', 'approved');

CREATE TABLE terminal (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    shop_id UUID NOT NULL,
    number TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, shop_id) REFERENCES shop (merchant_id, id)
);

CREATE UNIQUE INDEX terminal_by_number ON terminal (merchant_id, number);

CREATE TABLE enrolment (
    merchant_id BIGINT NOT NULL,
    terminal_id UUID NOT NULL,
    algorithm TEXT NOT NULL,
    public_key TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, terminal_id),
    FOREIGN KEY(merchant_id, terminal_id) REFERENCES terminal (merchant_id, id)
);

CREATE TABLE payment (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    order_no TEXT NOT NULL,
    voucher_no BIGINT,
    batch_no BIGINT NOT NULL,
    shop_id UUID NOT NULL,
    terminal_id UUID NOT NULL,
    operator_id UUID,
    account_id UUID NOT NULL,
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    wallet TEXT NOT NULL,
    card_kind TEXT NOT NULL,
    entry TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    payer_minor BIGINT,
    merchant_discount_minor BIGINT,
    platform_discount_minor BIGINT,
    fee_minor BIGINT,
    net_minor BIGINT,
    tendered_minor BIGINT,
    change_minor BIGINT,
    rounding_minor BIGINT,
    refund_reserved_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
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
    void_until BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    captured_at BIGINT,
    ended_at BIGINT,
    money TEXT NOT NULL,
    settlement TEXT NOT NULL,
    visibility TEXT NOT NULL,
    dispute TEXT NOT NULL,
    decline_reason TEXT,
    request TEXT NOT NULL,
    facets BIGINT NOT NULL,
    amount_band BIGINT NOT NULL,
    routed TEXT,
    driver UUID,
    driver_until BIGINT,
    due_at BIGINT,
    asks BIGINT DEFAULT '0' NOT NULL,
    awaiting TEXT,
    code TEXT,
    code_until BIGINT,
    unknown_since BIGINT,
    not_found_asks BIGINT DEFAULT '0' NOT NULL,
    not_found_since BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, account_id) REFERENCES provider_account (merchant_id, id),
    FOREIGN KEY(merchant_id, terminal_id) REFERENCES terminal (merchant_id, id)
);

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
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    payment_id UUID NOT NULL,
    kind TEXT NOT NULL,
    order_no TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    reason_text TEXT,
    reason_text_salt TEXT,
    reason_text_commitment TEXT,
    actor_id TEXT NOT NULL,
    approver_id UUID,
    terminal_id UUID,
    returned_minor BIGINT,
    provider_trade_no TEXT,
    wallet_trade_no TEXT,
    decline_reason TEXT,
    business_day TEXT NOT NULL,
    clearing_day TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    ended_at BIGINT,
    queued_at BIGINT,
    request TEXT NOT NULL,
    asks BIGINT DEFAULT '0' NOT NULL,
    due_at BIGINT,
    tried_at BIGINT,
    tries BIGINT DEFAULT '0' NOT NULL,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
);

CREATE INDEX payment_leg_by_due ON payment_leg (merchant_id, due_at) WHERE due_at IS NOT NULL;

CREATE UNIQUE INDEX payment_leg_by_order_no ON payment_leg (merchant_id, order_no);

CREATE INDEX payment_leg_by_payment ON payment_leg (merchant_id, payment_id, asked_at);

CREATE INDEX payment_leg_by_provider_trade ON payment_leg (merchant_id, provider_trade_no) WHERE provider_trade_no IS NOT NULL;

CREATE INDEX payment_leg_by_wallet_trade ON payment_leg (merchant_id, wallet_trade_no) WHERE wallet_trade_no IS NOT NULL;

CREATE INDEX payment_leg_given_up ON payment_leg (merchant_id, ended_at) WHERE decline_reason = 'funds_not_in_time';

CREATE TABLE payment_resolution (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    payment_id UUID NOT NULL,
    leg_id UUID,
    finding TEXT NOT NULL,
    statement_sha256 TEXT NOT NULL,
    actor_id UUID NOT NULL,
    approver_id UUID,
    resolved_at BIGINT NOT NULL,
    sealed BYTEA,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
);

CREATE INDEX payment_resolution_by_payment ON payment_resolution (merchant_id, payment_id, resolved_at);

CREATE TABLE record_hold (
    merchant_id BIGINT NOT NULL,
    id UUID NOT NULL,
    number BIGINT,
    payment_id UUID NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT,
    reference_salt TEXT,
    reference_commitment TEXT,
    state TEXT NOT NULL,
    placed_by UUID NOT NULL,
    placed_at BIGINT NOT NULL,
    lifting_by UUID,
    lifting_at BIGINT,
    lifted_by UUID,
    lifted_at BIGINT,
    version BIGINT DEFAULT '1' NOT NULL,
    last_change UUID NOT NULL,
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY(merchant_id, payment_id) REFERENCES payment (merchant_id, id)
);

CREATE INDEX record_hold_by_number ON record_hold (merchant_id, number);

CREATE INDEX record_hold_by_payment ON record_hold (merchant_id, payment_id) WHERE state != 'lifted';

CREATE INDEX record_hold_by_state ON record_hold (merchant_id, state, placed_at, id);

CREATE INDEX record_hold_by_time ON record_hold (merchant_id, placed_at, id);
