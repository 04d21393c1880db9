from django.urls import path

from exchange.views import channels, inbox, joint, overdue, reviews, sent, templates

app_name = "exchange"
urlpatterns = [
    path("alerts/", inbox.inbox, name="inbox"),
    path("alerts/new/", inbox.inbox_new, name="inbox_new"),
    path("alerts/sent/", sent.sent, name="sent"),
    path("alerts/overdue/", overdue.overdue, name="overdue"),
    path("alerts/channels/", channels.channels, name="channels"),
    path("alerts/channels/<uuid:uuid>/try/", channels.channel_try, name="channel_try"),
    path("alerts/channels/<uuid:uuid>/end/", channels.channel_end, name="channel_end"),
    path("alerts/offices/<uuid:uuid>/duty/", channels.office_duty, name="office_duty"),
    path("alerts/notices/<uuid:uuid>/retry/", channels.notice_retry, name="notice_retry"),
    path("alerts/deliveries/<uuid:uuid>/retry/", channels.delivery_retry, name="delivery_retry"),
    path("alerts/receipts/", sent.receipts, name="receipts"),
    path("alerts/patients/<uuid:uuid>/", sent.patient_tab, name="patient_tab"),
    path("alerts/patients/<uuid:uuid>/review/", reviews.review, name="review"),
    path("alerts/<uuid:uuid>/", inbox.case, name="case"),
    path("alerts/<uuid:uuid>/acknowledge/", inbox.acknowledge_case, name="acknowledge"),
    path("alerts/<uuid:uuid>/feedback/", inbox.feedback, name="feedback"),
    path("joint/", joint.mine, name="my_joints"),
    path("joint/sheets/<uuid:uuid>/", joint.my_joint, name="my_joint"),
    path("joint/patients/<uuid:uuid>/new/", joint.joint_new, name="joint_new"),
    path("joint/<uuid:uuid>/", joint.joint, name="joint"),
    path("joint/<uuid:uuid>/done/", joint.joint_done, name="joint_done"),
    path("joint/<uuid:uuid>/cancel/", joint.joint_cancel, name="joint_cancel"),
    path("joint/<uuid:uuid>/print/", joint.joint_print, name="joint_print"),
    path("templates/", templates.templates, name="templates"),
    path("templates/new/<str:preset>/", templates.template_new, name="template_new"),
    path("templates/<uuid:uuid>/", templates.template, name="template"),
    path("templates/<uuid:uuid>/edit/", templates.template_edit, name="template_edit"),
    path("templates/<uuid:uuid>/propose/", templates.template_propose, name="template_propose"),
    path("templates/<uuid:uuid>/activate/", templates.template_activate, name="template_activate"),
    path("templates/<uuid:uuid>/return/", templates.template_return, name="template_return"),
    path("templates/<uuid:uuid>/end/", templates.template_end, name="template_end"),
]
